using Elanus.Milvus.Protocol.Schema;
using Google.Protobuf;
using DataType = Elanus.Milvus.Protocol.Schema.DataType;

namespace Elanus.Milvus.Tests.Wire;

/// <summary>Columns of every kind, drawn from a seed.</summary>
internal sealed class RandomColumns(int seed)
{
    private readonly Random random = new(seed);

    public FieldData Column(int depth = 0)
    {
        var column = new FieldData { Type = (DataType)random.Next(0, 27), FieldName = Text(), FieldId = random.Next(-5, 200), IsDynamic = Coin() };
        if (Coin())
        {
            column.ValidData.AddRange(Many(Coin));
        }

        switch (random.Next(depth < 2 ? 4 : 3))
        {
            case 0:
                column.Scalars = Scalars(depth);
                break;
            case 1:
                column.Vectors = Vectors(depth);
                break;
            case 3:
                column.StructArrays = new() { Fields = { Many(() => Column(depth + 1)) } };
                break;
            default:
                break;
        }

        return column;
    }

    private ScalarField Scalars(int depth) => random.Next(depth < 3 ? 13 : 12) switch
    {
        0 => new() { BoolData = new() { Data = { Many(Coin) } } },
        1 => new() { IntData = new() { Data = { Many(() => random.Next(int.MinValue, int.MaxValue) >> random.Next(31)) } } },
        2 => new() { LongData = new() { Data = { Many(Long) } } },
        3 => new() { FloatData = new() { Data = { Many(random.NextSingle) } } },
        4 => new() { DoubleData = new() { Data = { Many(random.NextDouble) } } },
        5 => new() { StringData = new() { Data = { Many(Text) } } },
        6 => new() { BytesData = new() { Data = { Many(Bytes) } } },
        7 => new() { JsonData = new() { Data = { Many(Bytes) } } },
        8 => new() { GeometryData = new() { Data = { Many(Bytes) } } },
        9 => new() { TimestamptzData = new() { Data = { Many(Long) } } },
        10 => new() { GeometryWktData = new() { Data = { Many(Text) } } },
        12 => new() { ArrayData = new() { ElementType = DataType.Int64, Data = { Many(() => Scalars(depth + 1)) } } },
        _ => new(),
    };

    private VectorField Vectors(int depth)
    {
        // The dimension of a sparse vector or a list is read from within where the outer one is left out, so it is never left out here.
        var vectors = new VectorField { Dim = random.Next(1, 100) };
        switch (random.Next(depth < 3 ? 8 : 7))
        {
            case 0:
                vectors.FloatVector = new() { Data = { Many(random.NextSingle) } };
                break;
            case 1:
                vectors.BinaryVector = Bytes();
                break;
            case 2:
                vectors.Float16Vector = Bytes();
                break;
            case 3:
                vectors.Bfloat16Vector = Bytes();
                break;
            case 4:
                vectors.Int8Vector = Bytes();
                break;
            case 5:
                vectors.SparseFloatVector = new() { Contents = { Many(Bytes) } };
                break;
            case 7:
                vectors.VectorArray = new() { ElementType = DataType.FloatVector, Data = { Many(() => Vectors(depth + 1)) } };
                break;
            default:
                break;
        }

        return vectors;
    }

    private List<T> Many<T>(Func<T> one) => [.. Enumerable.Range(0, random.Next(8)).Select(_ => one())];

    private bool Coin() => random.Next(2) == 0;

    private long Long() => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(63);

    private string Text() => string.Concat(Many(() => (char)random.Next(' ', 0x250)));

    private ByteString Bytes()
    {
        var bytes = new byte[random.Next(20)];
        random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }
}
