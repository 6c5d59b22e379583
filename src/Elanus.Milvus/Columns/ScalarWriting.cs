using System.Text;
using Elanus.Milvus.Protocol.Schema;
using Google.Protobuf;

namespace Elanus.Milvus;

/// <summary>The values of scalar columns in the protocol's repeated fields. Small integers travel as int32.</summary>
internal static class ScalarWriting
{
    public static ScalarField Write(ColumnBlock values) => values.Type switch
    {
        Primitives.DataType.Bool => new() { BoolData = Bools(values.Values) },
        Primitives.DataType.Int8 => new() { IntData = Ints<sbyte>(values.As<sbyte>()) },
        Primitives.DataType.Int16 => new() { IntData = Ints<short>(values.As<short>()) },
        Primitives.DataType.Int32 => new() { IntData = Ints<int>(values.As<int>()) },
        Primitives.DataType.Int64 => new() { LongData = Longs(values.As<long>()) },
        Primitives.DataType.Timestamptz => new() { TimestamptzData = new() { Data = { values.As<long>().ToArray() } } },
        Primitives.DataType.Float => new() { FloatData = new() { Data = { values.As<float>().ToArray() } } },
        Primitives.DataType.Double => new() { DoubleData = new() { Data = { values.As<double>().ToArray() } } },
        Primitives.DataType.Json => new() { JsonData = Documents(values) },
        Primitives.DataType.Array => new() { ArrayData = Arrays(values) },
        Primitives.DataType.VarChar or Primitives.DataType.String or Primitives.DataType.Text => new() { StringData = Texts(values) },
        _ => throw new InvariantBrokenException($"a column of type {values.Type} is no scalar column that can be sent"),
    };

    public static LongArray Longs(ReadOnlySpan<long> values) => new() { Data = { values.ToArray() } };

    public static StringArray Texts(ColumnBlock values)
    {
        var texts = new StringArray { Data = { Capacity = values.Rows } };
        for (var row = 0; row < values.Rows; row++)
        {
            texts.Data.Add(Encoding.UTF8.GetString(values.Bytes(row)));
        }

        return texts;
    }

    private static JSONArray Documents(ColumnBlock values)
    {
        var documents = new JSONArray { Data = { Capacity = values.Rows } };
        for (var row = 0; row < values.Rows; row++)
        {
            documents.Data.Add(ByteString.CopyFrom(values.Bytes(row)));
        }

        return documents;
    }

    private static ArrayArray Arrays(ColumnBlock values)
    {
        var arrays = new ArrayArray { ElementType = (Protocol.Schema.DataType)values.ElementType, Data = { Capacity = values.Rows } };
        for (var row = 0; row < values.Rows; row++)
        {
            arrays.Data.Add(values.IsValid(row) ? ArrayElementBytes.Write(values.ElementType, values.Bytes(row)) : new ScalarField());
        }

        return arrays;
    }

    public static BoolArray Bools(ReadOnlySpan<byte> values)
    {
        var bools = new BoolArray { Data = { Capacity = values.Length } };
        foreach (var value in values)
        {
            bools.Data.Add(value != 0);
        }

        return bools;
    }

    public static IntArray Ints<T>(ReadOnlySpan<T> values)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var ints = new IntArray { Data = { Capacity = values.Length } };
        foreach (var value in values)
        {
            ints.Data.Add(int.CreateChecked(value));
        }

        return ints;
    }
}
