using System.Runtime.InteropServices;
using System.Text;
using Elanus.Milvus.Protocol.Schema;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Kind = Elanus.Milvus.Protocol.Schema.ScalarField.DataOneofCase;

namespace Elanus.Milvus;

/// <summary>Scalar field data as a column. Int8 and Int16 arrive as int32 and must fit.</summary>
internal static class ScalarReading
{
    /// <param name="element">The element type of an array field in the schema; used where the data names none.</param>
    public static Result<ColumnBlock> Read(string name, Primitives.DataType type, ScalarField scalars, IReadOnlyList<bool> valid, Primitives.DataType element)
    {
        if (KindOf(type) is not { } kind)
        {
            return type is Primitives.DataType.Geometry or Primitives.DataType.Timestamptz or Primitives.DataType.Text
                ? Failure.Unimplemented($"field {name}: data type {type}")
                : Failure.Invalid($"field {name} is announced as {type}, which no scalar data has");
        }

        // A column without a single value may come without the list that would say so.
        if (scalars.DataCase != kind && !(scalars.DataCase == Kind.None && !valid.Contains(true)))
        {
            return Failure.Invalid($"field {name} is announced as {type}, but its data is {scalars.DataCase}");
        }

        if (!ValuePlaces.Of(name, Count(scalars), valid).TryGet(out var places, out var failure))
        {
            return failure;
        }

        return type switch
        {
            Primitives.DataType.Bool => places.Fixed(type, Bools(scalars.BoolData?.Data)),
            Primitives.DataType.Int64 => places.Fixed(type, Bytes(scalars.LongData?.Data)),
            Primitives.DataType.Float => places.Fixed(type, Bytes(scalars.FloatData?.Data)),
            Primitives.DataType.Double => places.Fixed(type, Bytes(scalars.DoubleData?.Data)),
            Primitives.DataType.VarChar => Texts(places, scalars.StringData?.Data),
            Primitives.DataType.Json => Documents(places, scalars.JsonData?.Data),
            Primitives.DataType.Array => Arrays(name, places, scalars.ArrayData, element),
            _ => Integers(name, type, places, scalars.IntData?.Data),
        };
    }

    private static Kind? KindOf(Primitives.DataType type) => type switch
    {
        Primitives.DataType.Bool => Kind.BoolData,
        Primitives.DataType.Int8 or Primitives.DataType.Int16 or Primitives.DataType.Int32 => Kind.IntData,
        Primitives.DataType.Int64 => Kind.LongData,
        Primitives.DataType.Float => Kind.FloatData,
        Primitives.DataType.Double => Kind.DoubleData,
        Primitives.DataType.VarChar => Kind.StringData,
        Primitives.DataType.Json => Kind.JsonData,
        Primitives.DataType.Array => Kind.ArrayData,
        _ => null,
    };

    private static int Count(ScalarField scalars) => scalars.DataCase switch
    {
        Kind.BoolData => scalars.BoolData.Data.Count,
        Kind.IntData => scalars.IntData.Data.Count,
        Kind.LongData => scalars.LongData.Data.Count,
        Kind.FloatData => scalars.FloatData.Data.Count,
        Kind.DoubleData => scalars.DoubleData.Data.Count,
        Kind.StringData => scalars.StringData.Data.Count,
        Kind.JsonData => scalars.JsonData.Data.Count,
        Kind.ArrayData => scalars.ArrayData.Data.Count,
        _ => 0,
    };

    private static Result<ColumnBlock> Integers(string name, Primitives.DataType type, ValuePlaces places, ICollection<int>? values)
    {
        if (type == Primitives.DataType.Int32 && places.AllValid)
        {
            return places.Fixed(type, Bytes(values));
        }

        var given = values?.ToArray() ?? [];
        var builder = new ColumnBuilder(type, capacityRows: places.Rows);
        foreach (var place in places.Places())
        {
            if (place < 0)
            {
                builder.AppendNull();
            }
            else if (!ElementReading.AppendInteger(builder, type, given[place]))
            {
                return Failure.Invalid($"the {builder.Rows}th element ({given[place]}) of field {name} out of range: {type}");
            }
        }

        return builder.Build();
    }

    private static Result<ColumnBlock> Texts(ValuePlaces places, RepeatedField<string>? values)
    {
        var builder = new ColumnBuilder(Primitives.DataType.VarChar, capacityRows: places.Rows);
        foreach (var place in places.Places())
        {
            _ = place < 0 ? builder.AppendNull() : builder.AppendText(values![place]);
        }

        return builder.Build();
    }

    private static Result<ColumnBlock> Documents(ValuePlaces places, RepeatedField<ByteString>? values)
    {
        var builder = new ColumnBuilder(Primitives.DataType.Json, capacityRows: places.Rows);
        foreach (var place in places.Places())
        {
            _ = place < 0 ? builder.AppendNull() : builder.Append(values![place].Span);
        }

        return builder.Build();
    }

    private static Result<ColumnBlock> Arrays(string name, ValuePlaces places, ArrayArray? arrays, Primitives.DataType element)
    {
        if (arrays is { ElementType: not Protocol.Schema.DataType.None })
        {
            element = (Primitives.DataType)arrays.ElementType;
        }

        var builder = new ColumnBuilder(Primitives.DataType.Array, element, capacityRows: places.Rows);
        foreach (var place in places.Places())
        {
            if (place < 0)
            {
                builder.AppendNull();
                continue;
            }

            if (!ElementReading.Bytes(name, builder.Rows, element, arrays!.Data[place]).TryGet(out var bytes, out var failure))
            {
                return failure;
            }

            builder.Append(bytes);
        }

        return builder.Build();
    }

    private static ReadOnlyMemory<byte> Bools(ICollection<bool>? values) => values?.Select(v => (byte)(v ? 1 : 0)).ToArray() ?? [];

    private static ReadOnlyMemory<byte> Bytes<T>(ICollection<T>? values)
        where T : unmanaged
    {
        var copy = new T[values?.Count ?? 0];
        values?.CopyTo(copy, 0);
        return MemoryMarshal.AsBytes(copy.AsSpan()).ToArray();
    }
}
