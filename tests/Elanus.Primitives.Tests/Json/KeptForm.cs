using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Elanus.Primitives.Tests;

/// <summary>
/// Holds a form that was written out by hand against the one that a serializer finds out by reflection: the same bytes, and the same understanding of
/// texts with a member missing, misfit or unknown. So a property that one of the two methods forgets is found.
/// </summary>
public static partial class KeptForm
{
    private static readonly string[] Others = ["3", "1.5", "1e30", "\"text\"", "true", "[]", "{}", "[{}]", "{\"x\":[]}", "[null]"];

    private const string Unfit = "it cannot be written";

    private static readonly JsonSerializerOptions Reflected = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameDerived } },
        Converters =
        {
            new NumberConverter<DatabaseId>(v => new(v), id => id.Value),
            new NumberConverter<CollectionId>(v => new(v), id => id.Value),
            new NumberConverter<PartitionId>(v => new(v), id => id.Value),
            new NumberConverter<FieldId>(v => new(v), id => id.Value),
            new NumberConverter<IndexId>(v => new(v), id => id.Value),
            new NumberConverter<SegmentId>(v => new(v), id => id.Value),
            new NumberConverter<Timestamp>(v => new((ulong)v), t => (long)t.Value),
        },
    };

    private static readonly JsonSerializerOptions Indented = new(Reflected) { WriteIndented = true };

    /// <summary>Where the form of any kind of <typeparamref name="T"/> differs.</summary>
    public static IReadOnlyList<string> Differences<T>(Func<T, byte[]> write, Func<byte[], T?> read, bool indented = false)
        where T : class =>
        [.. Filled.All(typeof(T)).Cast<T>().SelectMany(value => Differences(value, write, read, indented))];

    /// <summary>Where the form of one value differs.</summary>
    /// <param name="value">What to write.</param>
    /// <param name="write">Its bytes.</param>
    /// <param name="read">The value again; null or an exception where it is refused.</param>
    /// <param name="indented">For people to read.</param>
    public static IEnumerable<string> Differences<T>(T value, Func<T, byte[]> write, Func<byte[], T?> read, bool indented = false)
        where T : class
    {
        var (bytes, text) = (System.Text.Encoding.UTF8.GetString(write(value)), JsonSerializer.Serialize(value, Reflected));
        var differences = new List<string?>
        {
            Difference("written", JsonSerializer.Serialize(value, indented ? Indented : Reflected), bytes),
            Difference("read", text, Outcome(text, read)),
            Difference("with more behind it", null, Outcome(text + " 1", read)),
            Difference("cut", null, Outcome(text[..^1], read)),
        };

        // The first item of a list says what there is to say of all; and nobody reads within what follows from a schema's fields.
        foreach (var (node, at) in All(JsonNode.Parse(text)!).Select((node, at) => (node, at)).Where(n => !Passed().IsMatch(n.node.GetPath())))
        {
            if (node.Parent is JsonObject)
            {
                differences.Add(Missing(text, at, read));
            }

            differences.AddRange(Others.Select(other => Misfit(text, at, other, read)));

            // Properties are the one object of which every name is known.
            if (node is JsonObject && !node.GetPath().EndsWith("properties", StringComparison.Ordinal))
            {
                var more = JsonNode.Parse(text)!;
                All(more).ElementAt(at).AsObject().Add("unheardOf", new JsonArray(1, "x"));
                differences.Add(Difference($"with more in {node.GetPath()}", text, Outcome(more.ToJsonString(), read)));
            }
        }

        return differences.OfType<string>();
    }

    private static string? Difference(string what, string? expected, string? got) => expected == got ? null : $"{what}: {got ?? "refused"} where it is {expected ?? "refused"}";

    /// <summary>What may be left out has the same value then; what is refused is what would else be left empty.</summary>
    private static string? Missing<T>(string text, int at, Func<byte[], T?> read)
        where T : class
    {
        var without = JsonNode.Parse(text)!;
        var gone = All(without).ElementAt(at);
        var (path, name, parent) = (gone.GetPath(), gone.GetPropertyName(), gone.Parent!.AsObject());
        var before = All(without).TakeWhile(node => node != parent).Count();
        parent.Remove(name);
        var (expected, got) = (ByReflection<T>(without.ToJsonString()), Outcome(without.ToJsonString(), read));
        var whole = expected is not (null or Unfit) && All(JsonNode.Parse(expected)!).ElementAt(before) is JsonObject there && there.ContainsKey(name);
        return got is null && !whole ? null : Difference($"without {path}", expected, got);
    }

    /// <summary>What does not fit is refused, and what fits is the same; an object or list that holds nothing of use may also be refused where its members would be left empty.</summary>
    private static string? Misfit<T>(string text, int at, string other, Func<byte[], T?> read)
        where T : class
    {
        var changed = JsonNode.Parse(text)!;
        var there = All(changed).ElementAt(at);
        var path = there.GetPath();
        if (there == changed)
        {
            changed = JsonNode.Parse(other)!;
        }
        else
        {
            there.ReplaceWith(JsonNode.Parse(other));
        }

        var (expected, got) = (ByReflection<T>(changed.ToJsonString()), Outcome(changed.ToJsonString(), read));
        return got is null && (expected == Unfit || other[0] is '{' or '[') ? null : Difference($"{other} at {path}", expected, got);
    }

    /// <summary>What was read, as it would be written by reflection; null where it is refused.</summary>
    private static string? Outcome<T>(string text, Func<byte[], T?> read)
        where T : class
    {
        T? value;
        try
        {
            value = read(System.Text.Encoding.UTF8.GetBytes(text));
        }
        catch (Exception refused) when (refused is JsonException or InvalidDataException)
        {
            return null;
        }

        return value is null ? null : Written(value);
    }

    private static string? ByReflection<T>(string text)
    {
        try
        {
            return Written(JsonSerializer.Deserialize<T>(text, Reflected));
        }
        catch (Exception refused) when (refused is JsonException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A value as text; of one that cannot be written only that, as of a schema without a key or with a list that nobody set.</summary>
    private static string Written<T>(T value)
    {
        try
        {
            return JsonSerializer.Serialize(value, Reflected);
        }
        catch (Exception unfit) when (unfit is InvalidOperationException or NullReferenceException)
        {
            return Unfit;
        }
    }

    /// <summary>A node and everything in it, in the order of the text.</summary>
    private static IEnumerable<JsonNode> All(JsonNode node)
    {
        var children = node switch
        {
            JsonObject members => members.Select(m => m.Value!),
            JsonArray items => items.Select(i => i!),
            _ => [],
        };
        return children.SelectMany(All).Prepend(node);
    }

    [GeneratedRegex(@"\[[1-9]|(?:Key|dynamicField)\.")]
    private static partial Regex Passed();

    /// <summary>Commands are named for their types.</summary>
    private static void NameDerived(JsonTypeInfo info)
    {
        if (info.Type.IsAbstract && info.Kind == JsonTypeInfoKind.Object)
        {
            info.PolymorphismOptions = new();
            foreach (var derived in info.Type.GetNestedTypes().Where(t => t.BaseType == info.Type))
            {
                info.PolymorphismOptions.DerivedTypes.Add(new(derived, JsonNamingPolicy.KebabCaseLower.ConvertName(derived.Name)));
            }
        }
    }

    private sealed class NumberConverter<T>(Func<long, T> make, Func<T, long> number) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => make(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(number(value));
    }
}
