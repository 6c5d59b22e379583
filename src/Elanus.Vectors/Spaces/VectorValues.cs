using System.Numerics;
using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>Checks and conversions of vectors as bytes, little endian.</summary>
public static class VectorValues
{
    /// <summary>
    /// The position of the first element, counted over all rows, that is NaN or infinite; -1 where every one is a finite number. Integer and
    /// binary vectors are always finite.
    /// </summary>
    public static int IndexOfNotFinite(DataType type, ReadOnlySpan<byte> values) => type switch
    {
        DataType.FloatVector => IndexOfSetExponent(MemoryMarshal.Cast<byte, uint>(values), 0x7f80_0000u),
        DataType.Float16Vector => IndexOfSetExponent(MemoryMarshal.Cast<byte, ushort>(values), (ushort)0x7c00),
        DataType.BFloat16Vector => IndexOfSetExponent(MemoryMarshal.Cast<byte, ushort>(values), (ushort)0x7f80),
        _ => -1,
    };

    /// <summary>Float, half or bfloat16 elements as floats, exactly; as many as the target holds.</summary>
    public static void Widen(DataType type, ReadOnlySpan<byte> values, Span<float> target)
    {
        switch (type)
        {
            case DataType.FloatVector:
                MemoryMarshal.Cast<byte, float>(values)[..target.Length].CopyTo(target);
                break;
            case DataType.Float16Vector:
                var halves = MemoryMarshal.Cast<byte, Half>(values)[..target.Length];
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = (float)halves[i];
                }

                break;
            case DataType.BFloat16Vector:
                var words = MemoryMarshal.Cast<byte, ushort>(values)[..target.Length];
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = BitConverter.UInt32BitsToSingle((uint)words[i] << 16);
                }

                break;
            default:
                throw new InvariantBrokenException($"{type} is not made of floating elements");
        }
    }

    private static int IndexOfSetExponent<T>(ReadOnlySpan<T> words, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        var at = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var mask = new Vector<T>(exponent);
            for (; at + Vector<T>.Count <= words.Length; at += Vector<T>.Count)
            {
                if (Vector.EqualsAny(new Vector<T>(words[at..]) & mask, mask))
                {
                    break;
                }
            }
        }

        for (; at < words.Length; at++)
        {
            if ((words[at] & exponent) == exponent)
            {
                return at;
            }
        }

        return -1;
    }
}
