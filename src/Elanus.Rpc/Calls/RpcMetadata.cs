using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Elanus.Primitives;

namespace Elanus.Rpc;

/// <summary>
/// The headers or trailers of a call, in order; a key may stand more than once. Keys are lower case; those ending in <c>-bin</c>
/// carry bytes, the others printable ASCII. Not safe for concurrent use.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "The field's own word is metadata.")]
public sealed class RpcMetadata : IReadOnlyCollection<RpcMetadataEntry>
{
    private const string BinarySuffix = "-bin";

    private readonly List<RpcMetadataEntry> entries = [];
    private bool sent;

    public int Count => entries.Count;

    public static bool IsBinary(string key) => key.EndsWith(BinarySuffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds a text; an illegal key or character is a bug of the caller and throws.</summary>
    public RpcMetadata Add(string key, string value)
    {
        key = Checked(key, binary: false);
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"the value of metadata '{key}' is not printable ASCII; send it under a key that ends in -bin", nameof(value));
        }

        entries.Add(new(key, value, default));
        return this;
    }

    /// <summary>Adds bytes; the key must end in <c>-bin</c>.</summary>
    public RpcMetadata Add(string key, ReadOnlyMemory<byte> value)
    {
        entries.Add(new(Checked(key, binary: true), null, value));
        return this;
    }

    /// <summary>The last text under a key, or null.</summary>
    public string? Get(string key) => Last(key)?.Text;

    /// <summary>The last bytes under a key.</summary>
    public bool TryGetBytes(string key, out ReadOnlyMemory<byte> value)
    {
        var found = Last(key);
        value = found?.Bytes ?? default;
        return found is { Text: null };
    }

    public IEnumerator<RpcMetadataEntry> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Everything there is has been sent; adding more throws.</summary>
    internal void MarkSent() => sent = true;

    /// <summary>
    /// Takes a header as it came over the wire; false where bytes are not base64. Several binary values may be joined by commas.
    /// </summary>
    internal bool TryAddWire(string key, string value)
    {
        key = Lower(key);
        if (!IsBinary(key))
        {
            entries.Add(new(key, value, default));
            return true;
        }

        foreach (var part in value.Split(','))
        {
            if (!TryDecode(part.Trim(), out var bytes))
            {
                return false;
            }

            entries.Add(new(key, null, bytes));
        }

        return true;
    }

    private static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        // Padding is optional on the wire.
        var padded = text.Length % 4 == 0 ? text : text.PadRight(text.Length + 4 - (text.Length % 4), '=');
        bytes = new byte[padded.Length / 4 * 3];
        var valid = Convert.TryFromBase64String(padded, bytes, out var written);
        bytes = valid ? bytes[..written] : null;
        return valid;
    }

    private string Checked(string key, bool binary)
    {
        Invariant.Holds(!sent, $"metadata '{key}' was added after the headers were sent");
        key = Lower(key);
        if (key.Length == 0 || key.StartsWith("grpc-", StringComparison.Ordinal) || !key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.'))
        {
            throw new ArgumentException($"'{key}' is not a legal metadata key", nameof(key));
        }

        if (IsBinary(key) != binary)
        {
            throw new ArgumentException($"metadata '{key}': keys that end in -bin carry bytes, the others text", nameof(key));
        }

        return key;
    }

    [SuppressMessage("Globalization", "CA1308", Justification = "The wire wants lower case.")]
    private static string Lower(string key) => key.AsSpan().ContainsAnyInRange('A', 'Z') ? key.ToLowerInvariant() : key;

    private RpcMetadataEntry? Last(string key)
    {
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            if (string.Equals(entries[i].Key, key, StringComparison.OrdinalIgnoreCase))
            {
                return entries[i];
            }
        }

        return null;
    }
}
