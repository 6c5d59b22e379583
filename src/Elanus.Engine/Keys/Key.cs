using System.Buffers.Binary;
using System.Text;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>One primary key, Int64 or text; text compares by its UTF-8 bytes.</summary>
internal readonly ref struct Key
{
    private readonly long number;
    private readonly ReadOnlySpan<byte> text;
    private readonly bool isText;

    public Key(long number) => this.number = number;

    public Key(ReadOnlySpan<byte> text)
    {
        this.text = text;
        isText = true;
    }

    public long Number => number;

    /// <summary>64 well-mixed bits, the same in every process.</summary>
    public ulong Hash => isText ? HashOf(text) : Mix((ulong)number);

    /// <summary>A key as its column holds it.</summary>
    public static Key From(bool isText, ReadOnlySpan<byte> value) => isText ? new(value) : new(BinaryPrimitives.ReadInt64LittleEndian(value));

    public static Key From(bool isText, in FieldValue value) => isText ? new(Encoding.UTF8.GetBytes(value.Text ?? "")) : new(value.Integer);

    public bool Equals(in Key other) => isText ? text.SequenceEqual(other.text) : number == other.number;

    public int CompareTo(in Key other) => isText ? text.SequenceCompareTo(other.text) : number.CompareTo(other.number);

    private static ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        var last = 0UL;
        foreach (var b in bytes)
        {
            last = (last << 8) | b;
        }

        return Mix(hash ^ last);
    }

    // The finaliser of Steele, Lea and Flood's SplitMix64 (2014), with its increment so that zero does not stay zero.
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
