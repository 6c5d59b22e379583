namespace Elanus.Milvus.Wire;

/// <summary>Reads a VectorField, merging as protobuf does (see <see cref="ScalarsReader"/>).</summary>
internal sealed class VectorsReader(int depth)
{
    private DataType kind;
    private long dimension;
    private long innerDimension;
    private Run floats = new();
    private ReadOnlyMemory<byte> data;
    private List<ReadOnlyMemory<byte>>? sparse;
    private List<RawVectors>? lists;
    private DataType elementType;

    /// <summary>Reads one message, or one part of it; what is wrong with it, or null.</summary>
    public string? Merge(ReadOnlyMemory<byte> message)
    {
        if (depth > WireReader.DepthMax)
        {
            return "vectors are nested too deeply";
        }

        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Varint):
                    dimension = (long)reader.Varint();
                    break;
                case ( >= 2 and <= 8, WireType.Bytes):
                    Choose(reader.Field);
                    if (Values(reader.Bytes()) is { } fault)
                    {
                        return fault;
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return reader.Fault;
    }

    public string? Build(out RawVectors vectors)
    {
        vectors = new()
        {
            Kind = kind,
            Dimension = dimension != 0 ? dimension : innerDimension,
            Data = kind is DataType.FloatVector ? floats.Bytes : data,
            Sparse = sparse?.ToArray(),
            Lists = lists?.ToArray(),
            ElementType = elementType,
        };
        return floats.Bytes.Length % 4 == 0 ? null : $"{floats.Bytes.Length} bytes are no whole number of floats";
    }

    private void Choose(int field)
    {
        var chosen = field switch
        {
            2 => DataType.FloatVector,
            3 => DataType.BinaryVector,
            4 => DataType.Float16Vector,
            5 => DataType.BFloat16Vector,
            6 => DataType.SparseFloatVector,
            7 => DataType.Int8Vector,
            _ => DataType.ArrayOfVector,
        };
        if (kind != chosen)
        {
            kind = chosen;
            floats = new();
            data = default;
            sparse = null;
            lists = null;
            innerDimension = 0;
            elementType = DataType.None;
        }
    }

    private string? Values(ReadOnlyMemory<byte> value)
    {
        switch (kind)
        {
            case DataType.FloatVector:
                return Floats(value);
            case DataType.SparseFloatVector:
                return SparseRows(value);
            case DataType.ArrayOfVector:
                return VectorLists(value);
            default:
                data = value;
                return null;
        }
    }

    private string? Floats(ReadOnlyMemory<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader is { Field: 1, Type: WireType.Bytes or WireType.Fixed32 })
            {
                floats.Add(reader.Element());
            }
            else
            {
                reader.Skip();
            }
        }

        return reader.Fault;
    }

    private string? SparseRows(ReadOnlyMemory<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Bytes):
                    (sparse ??= []).Add(reader.Bytes());
                    break;
                case (2, WireType.Varint):
                    innerDimension = (long)reader.Varint();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return reader.Fault;
    }

    private string? VectorLists(ReadOnlyMemory<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Varint):
                    innerDimension = (long)reader.Varint();
                    break;
                case (2, WireType.Bytes):
                    var nested = new VectorsReader(depth + 1);
                    RawVectors? list = null;
                    if ((nested.Merge(reader.Bytes()) ?? nested.Build(out list)) is { } fault)
                    {
                        return $"row {lists?.Count ?? 0}: {fault}";
                    }

                    (lists ??= []).Add(list!);
                    break;
                case (3, WireType.Varint):
                    elementType = (DataType)(int)reader.Varint();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return reader.Fault;
    }
}
