using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Elanus.Coordination;

/// <summary>
/// Records and hints as the stores keep them: JSON that an operator can read, with a format number. What cannot be understood is a sentence,
/// never a guess.
/// </summary>
internal static class RecordText
{
    public const int Format = 1;

    public static byte[] Of(RoleRecord record, ChangeNonce nonce) => Written(json =>
    {
        json.WriteNumber("format", Format);
        Write(json, record);
        json.WriteString("nonce", nonce.ToString());
    });

    public static void Write(Utf8JsonWriter json, RoleRecord record)
    {
        Write(json, record.Epoch);
        json.WriteString("holder", record.Holder.ToString());
        json.WriteBoolean("forced", record.Forced);
        json.WriteNumber("forcedBefore", record.ForcedBefore);
        json.WriteStartArray("inSync");
        foreach (var member in record.InSync)
        {
            json.WriteStartObject();
            json.WriteString("node", member.Node.ToString());
            json.WriteString("address", member.Address);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static byte[] Of(AliveNote note, ChangeNonce beat, TimeSpan lifetime) => Written(json =>
    {
        json.WriteNumber("format", Format);
        Write(json, note.Epoch);
        json.WriteString("node", note.Node.ToString());
        json.WriteNumber("progress", note.Progress);
        json.WriteNumber("lifetimeMs", (long)lifetime.TotalMilliseconds);
        json.WriteString("beat", beat.ToString());
    });

    public static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A record and the nonce of the change that made it; a failure says what stands at <paramref name="where"/> instead.</summary>
    public static Result<StoredRecord> Stored(ReadOnlyMemory<byte> text, long version, string where) =>
        Read(text, where, "a record", json => new StoredRecord(Record(json), new(version, Nonce(json, "nonce"))));

    public static Result<AliveHint> Alive(ReadOnlyMemory<byte> text, string where) =>
        Read(text, where, "an alive hint", json => new AliveHint(
            new(EpochOf(json), new(Hex(json, "node")), json.GetProperty("progress").GetInt64()),
            json.GetProperty("beat").GetString()!,
            TimeSpan.FromMilliseconds(json.GetProperty("lifetimeMs").GetInt64())));

    public static Result<T> Read<T>(ReadOnlyMemory<byte> text, string where, string what, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var format = document.RootElement.GetProperty("format").GetInt32();
            return format == Format
                ? read(document.RootElement)
                : new Failure(FailureCode.Unexpected, $"{where} has format {format}; this version of Elanus understands {Format}");
        }
        catch (Exception why) when (why is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            return new Failure(FailureCode.Unexpected, $"{where} does not hold {what} ({why.Message}); who wrote it there? Move it away to go on");
        }
    }

    public static RoleRecord Record(JsonElement json) => new(
        EpochOf(json),
        new(Hex(json, "holder")),
        [.. json.GetProperty("inSync").EnumerateArray().Select(member => new Member(new(Hex(member, "node")), member.GetProperty("address").GetString() ?? throw new FormatException("a member has no address")))],
        json.GetProperty("forced").GetBoolean())
    {
        // Older programs wrote none.
        ForcedBefore = json.TryGetProperty("forcedBefore", out var before) ? before.GetUInt64() : 0,
    };

    public static ChangeNonce Nonce(JsonElement json, string name)
    {
        var (high, low) = Pair(json, name);
        return new(high, low);
    }

    private static void Write(Utf8JsonWriter json, Epoch epoch)
    {
        json.WriteNumber("epoch", epoch.Number);
        json.WriteString("claim", epoch.Claim.ToString());
    }

    private static Epoch EpochOf(JsonElement json)
    {
        var (high, low) = Pair(json, "claim");
        return new(json.GetProperty("epoch").GetUInt64(), new(high, low));
    }

    private static ulong Hex(JsonElement json, string name) => Hex(json.GetProperty(name).GetString(), 16, name);

    private static (ulong High, ulong Low) Pair(JsonElement json, string name)
    {
        var text = json.GetProperty(name).GetString();
        return text is { Length: 32 } ? (Hex(text[..16], 16, name), Hex(text[16..], 16, name)) : throw new FormatException($"'{name}' is not 32 hexadecimal digits");
    }

    private static ulong Hex(string? text, int digits, string name) =>
        text?.Length == digits && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"'{name}' is not {digits} hexadecimal digits");
}
