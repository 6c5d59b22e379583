using System.Globalization;

// The identifiers of things. Each is a type of its own, so that two of them cannot be swapped.
namespace Elanus.Primitives;

public readonly record struct DatabaseId(long Value) { public override string ToString() => $"{Value}"; }

public readonly record struct CollectionId(long Value) { public override string ToString() => $"{Value}"; }

public readonly record struct PartitionId(long Value) { public override string ToString() => $"{Value}"; }

public readonly record struct FieldId(long Value) { public override string ToString() => $"{Value}"; }

public readonly record struct IndexId(long Value) { public override string ToString() => $"{Value}"; }

public readonly record struct SegmentId(long Value) { public override string ToString() => $"{Value}"; }

/// <summary>A member of a cluster: drawn when its data directory was formatted, so an emptied directory is a new member.</summary>
public readonly record struct NodeId(ulong Value) { public override string ToString() => $"{Value:x16}"; }

/// <summary>One slice of a collection's rows, chosen by the hash of the primary key.</summary>
public readonly record struct ShardId(CollectionId Collection, int Index) { public override string ToString() => $"{Collection}v{Index}"; }

/// <summary>A log channel: one sequence of records with one writer, its own positions and its own epoch.</summary>
public readonly record struct ChannelId(uint Value) { public override string ToString() => $"channel-{Value}"; }

/// <summary>Names one client call through every retry and forwarding; 128 random bits, or the client's own.</summary>
public readonly record struct RequestId(ulong High, ulong Low)
{
    public static readonly RequestId None;

    /// <summary>Reads 32 hexadecimal digits, with or without the hyphens of a UUID; false for anything else, and for none but zeros.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RequestId id)
    {
        id = None;
        if (!(text.Length == 36 ? Guid.TryParseExact(text, "D", out var given) : Guid.TryParseExact(text, "N", out given)))
        {
            return false;
        }

        var digits = given.ToString("N").AsSpan();
        id = new(ulong.Parse(digits[..16], NumberStyles.HexNumber, CultureInfo.InvariantCulture), ulong.Parse(digits[16..], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return id != None;
    }

    public override string ToString() => $"{High:x16}{Low:x16}";
}
