using System.Numerics;
using System.Runtime.InteropServices;

namespace Elanus.Primitives;

/// <summary>A fixed number of bits, one a row, in 64-bit words; bits past the length are always zero. Not safe for concurrent writes.</summary>
public sealed class Bitset
{
    private readonly ulong[] words;

    public Bitset(int length, bool set = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        words = new ulong[(length + 63) / 64];
        if (set)
        {
            words.AsSpan().Fill(ulong.MaxValue);
            ClearTail();
        }
    }

    private Bitset(int length, ulong[] words)
    {
        Length = length;
        this.words = words;
    }

    /// <summary>Number of bits.</summary>
    public int Length { get; }

    /// <summary>The words; whoever writes them keeps the bits past the length at zero (see <see cref="ClearTail"/>).</summary>
    public Span<ulong> Words => words;

    public bool this[int index]
    {
        get => (words[index >> 6] >> index & 1) != 0;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Length, nameof(index));
            if (value)
            {
                words[index >> 6] |= 1UL << index;
            }
            else
            {
                words[index >> 6] &= ~(1UL << index);
            }
        }
    }

    /// <summary>How many bits are set.</summary>
    public int Count()
    {
        var count = 0;
        foreach (var word in words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    public bool Any() => words.AsSpan().IndexOfAnyExcept(0UL) >= 0;

    public Bitset Clone() => new(Length, (ulong[])words.Clone());

    /// <summary>A copy with another number of bits; new ones are zero.</summary>
    public Bitset Resized(int length)
    {
        var copy = new Bitset(length);
        words.AsSpan(0, Math.Min(words.Length, copy.words.Length)).CopyTo(copy.words);
        copy.ClearTail();
        return copy;
    }

    public void And(Bitset other)
    {
        SameLength(other);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] &= other.words[i];
        }
    }

    public void AndNot(Bitset other)
    {
        SameLength(other);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] &= ~other.words[i];
        }
    }

    public void Or(Bitset other)
    {
        SameLength(other);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] |= other.words[i];
        }
    }

    public void Not()
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = ~words[i];
        }

        ClearTail();
    }

    public void SetAll(bool value)
    {
        words.AsSpan().Fill(value ? ulong.MaxValue : 0);
        ClearTail();
    }

    /// <summary>Zeroes the bits past the length, after the words were written from outside.</summary>
    public void ClearTail()
    {
        if ((Length & 63) != 0)
        {
            words[^1] &= (1UL << Length) - 1;
        }
    }

    /// <summary>The index of the first set bit at or after <paramref name="from"/>, or -1.</summary>
    public int NextSet(int from)
    {
        for (var i = from; i < Length;)
        {
            var word = words[i >> 6] >> i;
            if (word != 0)
            {
                return i + BitOperations.TrailingZeroCount(word);
            }

            i = (i | 63) + 1;
        }

        return -1;
    }

    /// <summary>The bits as bytes, least significant bit first.</summary>
    public ReadOnlySpan<byte> AsBytes() => MemoryMarshal.AsBytes(words.AsSpan());

    private void SameLength(Bitset other) => Invariant.Holds(other.Length == Length, "two bitsets of different lengths were combined");
}
