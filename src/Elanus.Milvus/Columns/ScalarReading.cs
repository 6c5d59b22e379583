using System.Runtime.InteropServices;
using Elanus.Milvus.Wire;

namespace Elanus.Milvus;

/// <summary>Scalar field data as a column. Int8 and Int16 arrive as int32 and must fit.</summary>
internal static class ScalarReading
{
    /// <param name="element">The element type of an array field in the schema; used where the data names none.</param>
    public static Result<ColumnBlock> Read(string name, DataType type, RawScalars scalars, ReadOnlyMemory<byte> valid, DataType element)
    {
        if (KindOf(type) is not { } kind)
        {
            return type is DataType.Geometry or DataType.Timestamptz or DataType.Text
                ? Failure.Unimplemented($"field {name}: data type {type}")
                : Failure.Invalid($"field {name} is announced as {type}, which no scalar data has");
        }

        // A column without a single value may come without the list that would say so.
        if (scalars.Kind != kind && !(scalars.Kind == RawScalarKind.None && !valid.Span.Contains((byte)1)))
        {
            return Failure.Invalid($"field {name} is announced as {type}, but its data is {scalars.Kind}");
        }

        if (!ValuePlaces.Of(name, scalars.Count, valid).TryGet(out var places, out var failure))
        {
            return failure;
        }

        return type switch
        {
            DataType.Bool => places.Fixed(type, scalars.Bools),
            DataType.Int64 => places.Fixed(type, MemoryMarshal.AsBytes(scalars.Longs.Span).ToArray()),
            DataType.Float or DataType.Double => places.Fixed(type, scalars.Floats),
            DataType.VarChar or DataType.Json => places.Variable(type, scalars.Blobs.Span),
            DataType.Array => Arrays(name, places, scalars, element),
            _ => Integers(name, type, places, scalars.Ints),
        };
    }

    private static RawScalarKind? KindOf(DataType type) => type switch
    {
        DataType.Bool => RawScalarKind.Bool,
        DataType.Int8 or DataType.Int16 or DataType.Int32 => RawScalarKind.Int,
        DataType.Int64 => RawScalarKind.Long,
        DataType.Float => RawScalarKind.Float,
        DataType.Double => RawScalarKind.Double,
        DataType.VarChar => RawScalarKind.Text,
        DataType.Json => RawScalarKind.Json,
        DataType.Array => RawScalarKind.Array,
        _ => null,
    };

    private static Result<ColumnBlock> Integers(string name, DataType type, ValuePlaces places, ReadOnlyMemory<int> values)
    {
        if (type == DataType.Int32)
        {
            return places.Fixed(type, MemoryMarshal.AsBytes(values.Span).ToArray());
        }

        var builder = new ColumnBuilder(type, capacityRows: places.Rows);
        foreach (var place in places.Places())
        {
            if (place < 0)
            {
                builder.AppendNull();
            }
            else if (!ElementReading.AppendInteger(builder, type, values.Span[place]))
            {
                return Failure.Invalid($"the {builder.Rows}th element ({values.Span[place]}) of field {name} out of range: {type}");
            }
        }

        return builder.Build();
    }

    private static Result<ColumnBlock> Arrays(string name, ValuePlaces places, RawScalars arrays, DataType element)
    {
        if (arrays.ElementType != DataType.None)
        {
            element = arrays.ElementType;
        }

        var builder = new ColumnBuilder(DataType.Array, element, capacityRows: places.Rows);
        foreach (var place in places.Places())
        {
            if (place < 0)
            {
                builder.AppendNull();
                continue;
            }

            if (!ElementReading.Bytes(name, builder.Rows, element, arrays.Arrays.Span[place]).TryGet(out var bytes, out var failure))
            {
                return failure;
            }

            builder.Append(bytes.Span);
        }

        return builder.Build();
    }
}
