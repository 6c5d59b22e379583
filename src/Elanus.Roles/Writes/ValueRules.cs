using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Elanus.Expressions;
using Elanus.Vectors;

namespace Elanus.Roles;

/// <summary>Checks the values of one field: lengths, well-formed JSON and UTF-8, finite numbers and vectors, sorted sparse vectors.</summary>
public static class ValueRules
{
    /// <summary>Null where every value is good; else the first bad one, by field and row.</summary>
    public static Failure? Check(FieldSchema field, ColumnBlock column, Limits limits) => field.Type switch
    {
        DataType.Float => Finite(field, column.As<float>()),
        DataType.Double => Finite(field, column.As<double>()),
        DataType.VarChar => Texts(field, column),
        DataType.Json => Json(field, column, limits),
        DataType.Array => Arrays(field, column),
        DataType.SparseFloatVector => Sparse(field, column),
        _ when field.Type.IsDenseVector() => Dense(field, column),
        _ => null,
    };

    private static Failure? Finite<T>(FieldSchema field, ReadOnlySpan<T> values)
        where T : IFloatingPoint<T>
    {
        for (var row = 0; row < values.Length; row++)
        {
            if (!T.IsFinite(values[row]))
            {
                return Failure.Invalid($"field {field.Name}, row {row}: value '{values[row]}' is not a number or infinity");
            }
        }

        return null;
    }

    private static Failure? Texts(FieldSchema field, ColumnBlock column)
    {
        var offsets = column.Offsets;
        for (var row = 0; row < column.Rows; row++)
        {
            var length = offsets[row + 1] - offsets[row];
            if (length > field.MaxLength)
            {
                return Failure.Invalid($"length of varchar field {field.Name} exceeds max length, row number: {row}, length: {length}, max length: {field.MaxLength}");
            }
        }

        return System.Text.Unicode.Utf8.IsValid(column.Values) ? null : Failure.Invalid($"varchar field {field.Name} is not valid UTF-8");
    }

    private static Failure? Json(FieldSchema field, ColumnBlock column, Limits limits)
    {
        for (var row = 0; row < column.Rows; row++)
        {
            if (!column.IsValid(row))
            {
                continue;
            }

            var bytes = column.Bytes(row);
            if (bytes.Length > limits.JsonLengthMax)
            {
                return Failure.Invalid($"the length ({bytes.Length}) of json field ({field.Name}) exceeds max length ({limits.JsonLengthMax}), row number: {row}");
            }

            if (JsonFault(bytes, field.IsDynamic) is { } fault)
            {
                return Failure.Invalid($"the value of json field {field.Name} in row {row} {fault}");
            }
        }

        return null;
    }

    /// <summary>Null for what every reader of the value can read.</summary>
    private static string? JsonFault(ReadOnlySpan<byte> bytes, bool isDynamic)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return "is not UTF-8";
        }

        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = ExpressionLimits.JsonDepthMax });
        try
        {
            if (!reader.Read() || (isDynamic && reader.TokenType != JsonTokenType.StartObject))
            {
                return "is not a JSON object";
            }

            do
            {
                if (isDynamic && reader.TokenType == JsonTokenType.PropertyName && !WholeJson.IsWhole(ref reader))
                {
                    return "has a key with half a surrogate pair";
                }
            }
            while (reader.Read());
            return null;
        }
        catch (JsonException)
        {
            // The reader stands on the token that opens the deepest level, which it does not count yet.
            return reader.CurrentDepth >= ExpressionLimits.JsonDepthMax - 1 ? $"nests deeper than {ExpressionLimits.JsonDepthMax} levels"
                : isDynamic ? "is not a JSON object"
                : "is not valid JSON";
        }
    }

    private static Failure? Arrays(FieldSchema field, ColumnBlock column)
    {
        for (var row = 0; row < column.Rows; row++)
        {
            var bytes = column.Bytes(row);
            var count = 0;
            if (!field.ElementType.IsText())
            {
                count = bytes.Length / field.ElementType.Width();
            }

            for (; field.ElementType.IsText() && bytes.Length > 0; count++)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
                if (length > field.MaxLength)
                {
                    return Failure.Invalid($"length of an element of array field {field.Name} exceeds max length, row number: {row}, length: {length}, max length: {field.MaxLength}");
                }

                bytes = bytes[(4 + length)..];
            }

            if (count > field.MaxCapacity)
            {
                return Failure.Invalid($"the length ({count}) of {row}th array exceeds max capacity ({field.MaxCapacity}) of field {field.Name}");
            }
        }

        return null;
    }

    private static Failure? Sparse(FieldSchema field, ColumnBlock column)
    {
        for (var row = 0; row < column.Rows; row++)
        {
            var bytes = column.Bytes(row);
            if (bytes.Length % 8 != 0)
            {
                return Failure.Invalid($"sparse vector of field {field.Name} in row {row} is not a list of (uint32, float32) pairs: {bytes.Length} bytes");
            }

            var words = MemoryMarshal.Cast<byte, uint>(bytes);
            for (var i = 0; i < words.Length; i += 2)
            {
                var value = BitConverter.UInt32BitsToSingle(words[i + 1]);
                if (words[i] == uint.MaxValue || (i > 0 && words[i] <= words[i - 2]))
                {
                    return Failure.Invalid($"indices of the sparse vector of field {field.Name} in row {row} are not ascending, or one is {uint.MaxValue}");
                }

                if (!float.IsFinite(value) || value < 0)
                {
                    return Failure.Invalid($"sparse vector of field {field.Name} in row {row} has a value that is negative or not finite: {value}");
                }
            }
        }

        return null;
    }

    private static Failure? Dense(FieldSchema field, ColumnBlock column)
    {
        var at = VectorValues.IndexOfNotFinite(field.Type, column.Values);
        return at < 0 ? null : Failure.Invalid($"vector of field {field.Name} in row {at / field.Dimension} has a value that is NaN or infinite");
    }
}
