using System.Globalization;
using System.Numerics;
using System.Text;

namespace Elanus.Coordination;

/// <summary>
/// One number of a role's sequence, taken by a change or by a confirmation. It carries the record as it is from this number on, so that the highest
/// entry tells all, and names the entry that it follows (number 0: none).
/// </summary>
internal sealed record NumberedEntry(long Number, ChangeNonce Nonce, long FollowsNumber, ChangeNonce Follows, StoredRecord Stored)
{
    public static NumberedEntry Change(NumberedEntry? head, long number, RoleRecord next, ChangeNonce nonce) =>
        new(number, nonce, head?.Number ?? 0, head?.Nonce ?? default, new(next, new(number, nonce)));

    public static NumberedEntry Confirmation(NumberedEntry head, long number, ChangeNonce nonce) => new(number, nonce, head.Number, head.Nonce, head.Stored);

    public bool IsBehind(NumberedEntry? head) => FollowsNumber == (head?.Number ?? 0) && Follows == (head?.Nonce ?? default);

    public byte[] ToText()
    {
        var json = RecordText.Written(writer =>
        {
            writer.WriteNumber("format", RecordText.Format);
            writer.WriteNumber("number", Number);
            writer.WriteString("nonce", Nonce.ToString());
            writer.WriteNumber("followsNumber", FollowsNumber);
            writer.WriteString("follows", Follows.ToString());
            writer.WriteNumber("version", Stored.Version.Number);
            writer.WriteString("changedBy", Stored.Nonce.ToString());
            RecordText.Write(writer, Stored.Record);
        });
        return [.. json, .. Encoding.ASCII.GetBytes($"\n{Checksum(json):x8}\n")];
    }

    public static Result<NumberedEntry> Parse(ReadOnlyMemory<byte> text, string where)
    {
        const int TailBytes = 10;
        if (text.Length < TailBytes
            || !uint.TryParse(Encoding.ASCII.GetString(text.Span[^(TailBytes - 1)..^1]), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var checksum)
            || Checksum(text.Span[..^TailBytes]) != checksum)
        {
            return new Failure(FailureCode.Unexpected, $"{where} is damaged: its checksum is wrong");
        }

        return RecordText.Read(text[..^TailBytes], where, "an entry", json => new NumberedEntry(
            json.GetProperty("number").GetInt64(),
            RecordText.Nonce(json, "nonce"),
            json.GetProperty("followsNumber").GetInt64(),
            RecordText.Nonce(json, "follows"),
            new(RecordText.Record(json), new(json.GetProperty("version").GetInt64(), RecordText.Nonce(json, "changedBy")))));
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
