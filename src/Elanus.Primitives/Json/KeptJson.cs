using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Elanus.Primitives;

/// <summary>
/// JSON as nodes keep it, in records, checkpoints and small files: camel-case names, ids, timestamps and enums as plain numbers, what is null left out;
/// whoever reads passes over names that it does not know, and takes null for absent.
/// <para>Each type's form is a pair of methods, one that writes its members and one that reads them. A serializer would need less text, but it has code for each kind of
/// value that it meets, our ids above all, and that can only be compiled while the program runs: at every start, and in the way of every takeover.</para>
/// </summary>
public static class KeptJson
{
    /// <param name="write">Writes one value.</param>
    /// <param name="indented">For people to read.</param>
    public static byte[] Write(Action<Utf8JsonWriter> write, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = indented }))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Null where the text is <c>null</c>.</summary>
    /// <exception cref="JsonException">It is no JSON, or not what <paramref name="read"/> expects.</exception>
    public static T? Read<T>(ReadOnlySpan<byte> utf8, Func<JsonElement, T> read)
        where T : class
    {
        var reader = new Utf8JsonReader(utf8);
        using var document = JsonDocument.ParseValue(ref reader);

        // Nothing may follow, and the reader says so itself.
        _ = reader.Read();
        try
        {
            return document.RootElement.ValueKind == JsonValueKind.Null ? null : read(document.RootElement);
        }
        catch (Exception unfit) when (unfit is InvalidOperationException or FormatException)
        {
            throw new JsonException(unfit.Message, unfit);
        }
    }

    /// <summary>Names, as a list.</summary>
    public static byte[] WriteNames(IEnumerable<string> names) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    });

    /// <inheritdoc cref="Read"/>
    public static string[]? ReadNames(ReadOnlySpan<byte> utf8) => Read(utf8, json => json.Items(Text));

    /// <summary>One object as a member of another.</summary>
    public static void WriteObject<T>(this Utf8JsonWriter json, string name, T value, Action<Utf8JsonWriter, T> members)
    {
        json.WritePropertyName(name);
        json.WriteObject(value, members);
    }

    public static void WriteObject<T>(this Utf8JsonWriter json, T value, Action<Utf8JsonWriter, T> members)
    {
        json.WriteStartObject();
        members(json, value);
        json.WriteEndObject();
    }

    public static void WriteObjects<T>(this Utf8JsonWriter json, string name, ReadOnlySpan<T> values, Action<Utf8JsonWriter, T> members)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteObject(value, members);
        }

        json.WriteEndArray();
    }

    public static void WriteNumbers<T>(this Utf8JsonWriter json, string name, ReadOnlySpan<T> values, Func<T, long> number)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteNumberValue(number(value));
        }

        json.WriteEndArray();
    }

    /// <summary>A member; null where it is absent or null.</summary>
    public static JsonElement? Find(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A member that has to be there.</summary>
    public static JsonElement Member(this JsonElement json, string name) => json.Find(name) ?? throw new JsonException($"there is no {name}");

    public static string Text(this JsonElement json, string name) => json.Member(name).Text();

    public static bool Flag(this JsonElement json, string name) => json.Find(name)?.GetBoolean() ?? false;

    public static int Int32(this JsonElement json, string name, int absent = 0) => json.Find(name)?.GetInt32() ?? absent;

    public static long Int64(this JsonElement json, string name, long absent = 0) => json.Find(name)?.GetInt64() ?? absent;

    public static uint UInt32(this JsonElement json, string name) => json.Find(name)?.GetUInt32() ?? 0;

    public static ulong UInt64(this JsonElement json, string name) => json.Find(name)?.GetUInt64() ?? 0;

    /// <summary>A list that has to be there.</summary>
    public static ImmutableArray<T> List<T>(this JsonElement json, string name, Func<JsonElement, T> read) =>
        ImmutableCollectionsMarshal.AsImmutableArray(json.Member(name).Items(read));

    /// <summary>A list that may be left out, and is empty then.</summary>
    public static ImmutableArray<T> ListOrNone<T>(this JsonElement json, string name, Func<JsonElement, T> read) =>
        json.Find(name) is { } list ? ImmutableCollectionsMarshal.AsImmutableArray(list.Items(read)) : [];

    public static T[] Items<T>(this JsonElement json, Func<JsonElement, T> read)
    {
        var items = new T[json.GetArrayLength()];
        var next = 0;
        foreach (var item in json.EnumerateArray())
        {
            items[next++] = read(item);
        }

        return items;
    }

    private static string Text(this JsonElement json) => json.GetString() ?? throw new JsonException("a text is null");
}
