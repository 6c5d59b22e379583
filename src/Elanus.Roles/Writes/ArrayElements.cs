using System.Buffers.Binary;

namespace Elanus.Roles;

/// <summary>Array values in their stored form, taken apart into elements.</summary>
internal static class ArrayElements
{
    /// <summary>The array without every element that equals one of the others.</summary>
    public static ReadOnlySpan<byte> Without(DataType elementType, ReadOnlySpan<byte> array, ReadOnlySpan<byte> others)
    {
        var kept = new byte[array.Length];
        var used = 0;
        for (var rest = array; rest.Length > 0;)
        {
            var element = Next(elementType, ref rest);
            if (!Contains(elementType, others, element))
            {
                element.CopyTo(kept.AsSpan(used));
                used += element.Length;
            }
        }

        return kept.AsSpan(0, used);
    }

    private static bool Contains(DataType elementType, ReadOnlySpan<byte> array, ReadOnlySpan<byte> sought)
    {
        while (array.Length > 0)
        {
            if (Next(elementType, ref array).SequenceEqual(sought))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> Next(DataType elementType, ref ReadOnlySpan<byte> rest)
    {
        var length = elementType.IsText() ? 4 + BinaryPrimitives.ReadInt32LittleEndian(rest) : elementType.Width();
        var element = rest[..length];
        rest = rest[length..];
        return element;
    }
}
