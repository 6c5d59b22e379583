using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>
/// Vectors in JSON: lists of numbers; binary ones as lists of bytes or base64, 16-bit and 8-bit ones as base64 too; sparse ones as an object of
/// index to value, or of two lists, <c>indices</c> and <c>values</c>.
/// </summary>
internal static class VectorValues
{
    /// <summary>Appends a vector; null where it is good, else what is wrong.</summary>
    public static string? Append(ColumnBuilder builder, FieldSchema field, JsonElement value) => field.Type switch
    {
        DataType.SparseFloatVector => Sparse(builder, value),
        _ when value.ValueKind == JsonValueKind.String && field.Type != DataType.FloatVector => Base64Bytes(builder, field, value.GetString()!),
        DataType.BinaryVector or DataType.Int8Vector => Bytes(builder, field, value),
        _ => Floats(builder, field, value),
    };

    private static string? Floats(ColumnBuilder builder, FieldSchema field, JsonElement value)
    {
        if (Unfit(value, field.Dimension) is { } wrong)
        {
            return wrong;
        }

        var width = field.Type.Width(field.Dimension);
        var bytes = ArrayPool<byte>.Shared.Rent(width);
        try
        {
            var at = 0;
            foreach (var item in value.EnumerateArray())
            {
                // Go's parser refuses what 32 bits cannot hold; a cast alone would make it infinite.
                if (item.ValueKind != JsonValueKind.Number || !item.TryGetSingle(out var number) || !Put(field.Type, number, bytes, at))
                {
                    return $"element {at}, {item}, is no number of this type";
                }

                at++;
            }

            builder.Append(bytes.AsSpan(0, width));
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static bool Put(DataType type, float number, Span<byte> bytes, int at)
    {
        switch (type)
        {
            case DataType.FloatVector:
                Numbers<float>(bytes)[at] = number;
                return float.IsFinite(number);
            case DataType.Float16Vector:
                var half = (Half)number;
                Numbers<Half>(bytes)[at] = half;
                return Half.IsFinite(half);
            default:
                // The upper half of the 32 bits, rounded to nearest, ties to even.
                var bits = BitConverter.SingleToUInt32Bits(number);
                bits += 0x7FFF + ((bits >> 16) & 1);
                Numbers<ushort>(bytes)[at] = (ushort)(bits >> 16);
                return float.IsFinite(BitConverter.UInt32BitsToSingle(bits & 0xFFFF_0000));
        }
    }

    private static Span<T> Numbers<T>(Span<byte> bytes)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes);

    private static string? Bytes(ColumnBuilder builder, FieldSchema field, JsonElement value)
    {
        var width = field.Type.Width(field.Dimension);
        if (Unfit(value, width) is { } wrong)
        {
            return wrong;
        }

        var isSigned = field.Type == DataType.Int8Vector;
        var bytes = new byte[width];
        var at = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number
                || !item.TryGetInt32(out var number)
                || (isSigned ? number is < sbyte.MinValue or > sbyte.MaxValue : number is < byte.MinValue or > byte.MaxValue))
            {
                return $"element {at}, {item}, is no whole number from {(isSigned ? "-128 to 127" : "0 to 255")}";
            }

            bytes[at++] = (byte)number;
        }

        builder.Append(bytes.AsSpan());
        return null;
    }

    private static string? Base64Bytes(ColumnBuilder builder, FieldSchema field, string text)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length) + 3];
        var width = field.Type.Width(field.Dimension);
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            return "the text is not base64";
        }

        if (length != width)
        {
            return $"it has {length} bytes in base64, dimension {field.Dimension} needs {width}";
        }

        builder.Append(bytes.AsSpan(0, length));
        return null;
    }

    private static string? Unfit(JsonElement value, int length)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return $"{value.ValueKind} is no vector";
        }

        return value.GetArrayLength() == length ? null : $"it has {value.GetArrayLength()} elements, the dimension needs {length}";
    }

    private static string? Sparse(ColumnBuilder builder, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return $"{value.ValueKind} is no sparse vector, which is an object of index to value";
        }

        if (!Pairs(value).TryGet(out var pairs, out var failure))
        {
            return failure.Sentence;
        }

        builder.Append(SparseRow.Sorted(MemoryMarshal.AsBytes(pairs.AsSpan()).ToArray()).Span);
        return null;
    }

    /// <summary>The index in the lower and the bits of the value in the upper half of each, as a little-endian pair lies in memory.</summary>
    private static Result<ulong[]> Pairs(JsonElement value)
    {
        var pairs = new List<ulong>();
        if (value.TryGetProperty("indices", out var indices) && value.TryGetProperty("values", out var values))
        {
            if (indices.ValueKind != JsonValueKind.Array || values.ValueKind != JsonValueKind.Array || indices.GetArrayLength() != values.GetArrayLength())
            {
                return RestFailures.Rows("indices and values must be lists of one length");
            }

            foreach (var (index, number) in indices.EnumerateArray().Zip(values.EnumerateArray()))
            {
                if (!Add(pairs, index.ToString(), number))
                {
                    return RestFailures.Rows($"{index}: {number} is no pair of an index of 32 bits and a number");
                }
            }

            return pairs.ToArray();
        }

        foreach (var member in value.EnumerateObject())
        {
            if (!Add(pairs, member.Name, member.Value))
            {
                return RestFailures.Rows($"{member.Name}: {member.Value} is no pair of an index of 32 bits and a number");
            }
        }

        return pairs.ToArray();
    }

    private static bool Add(List<ulong> pairs, string index, JsonElement value)
    {
        if (!uint.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || value.ValueKind != JsonValueKind.Number
            || !value.TryGetSingle(out var number)
            || !float.IsFinite(number))
        {
            return false;
        }

        pairs.Add(((ulong)BitConverter.SingleToUInt32Bits(number) << 32) | at);
        return true;
    }
}
