using System.Runtime.InteropServices;

namespace Elanus.Milvus.Wire;

/// <summary>Runs of variable-length numbers.</summary>
internal static class Varints
{
    private const string CutOff = "a number is cut off";
    private const string TooLong = "a number is longer than ten bytes";

    /// <summary>The numbers of a run, or what is wrong with it.</summary>
    public static string? Decode(ReadOnlySpan<byte> run, out long[] values)
    {
        values = [];
        if (run.Length > 0 && run[^1] >= 0x80)
        {
            return CutOff;
        }

        var decoded = new long[Count(run)];
        var position = 0;
        for (var i = 0; i < decoded.Length; i++)
        {
            ulong b = run[position++];
            var value = b & 0x7f;
            for (var shift = 7; b >= 0x80; shift += 7)
            {
                if (shift > 63)
                {
                    return TooLong;
                }

                b = run[position++];
                value |= (b & 0x7f) << shift;
            }

            decoded[i] = (long)value;
        }

        values = decoded;
        return null;
    }

    /// <summary>As protobuf does, numbers of 64 bits are cut to 32.</summary>
    public static string? Decode(ReadOnlySpan<byte> run, out int[] values)
    {
        var fault = Decode(run, out long[] wide);
        values = new int[wide.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            values[i] = (int)wide[i];
        }

        return fault;
    }

    /// <summary>One byte each, 0 or 1: the run itself, unless a writer spelled its truths in an unusual way.</summary>
    public static string? Decode(ReadOnlyMemory<byte> run, out ReadOnlyMemory<byte> values)
    {
        values = run;
        if (!run.Span.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            return null;
        }

        var fault = Decode(run.Span, out long[] numbers);
        values = Array.ConvertAll(numbers, number => (byte)(number == 0 ? 0 : 1));
        return fault;
    }

    /// <summary>Every number ends in the one byte of it that is below 0x80.</summary>
    private static int Count(ReadOnlySpan<byte> run)
    {
        var continued = 0;
        foreach (var b in MemoryMarshal.Cast<byte, sbyte>(run))
        {
            continued += b >>> 31 & 1;
        }

        return run.Length - continued;
    }
}
