using System.Text.Unicode;

namespace Elanus.Milvus.Wire;

/// <summary>
/// Reads a ScalarField. As protobuf merges: the last member of the oneof wins, and one that comes in several parts is their sum.
/// </summary>
internal sealed class ScalarsReader(int depth)
{
    private const int DataField = 1;
    private const int ElementTypeField = 2;

    private RawScalarKind kind;
    private Run numbers = new();
    private List<ReadOnlyMemory<byte>>? blobs;
    private List<RawScalars>? arrays;
    private DataType elementType;

    /// <summary>Reads one message, or one part of it; what is wrong with it, or null.</summary>
    public string? Merge(ReadOnlyMemory<byte> message)
    {
        if (depth > WireReader.DepthMax)
        {
            return "values are nested too deeply";
        }

        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader is { Type: WireType.Bytes, Field: >= (int)RawScalarKind.Bool and <= (int)RawScalarKind.GeometryText })
            {
                Choose((RawScalarKind)reader.Field);
                if (Values(reader.Bytes()) is { } fault)
                {
                    return fault;
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return reader.Fault;
    }

    public string? Build(out RawScalars? scalars)
    {
        scalars = null;
        switch (kind)
        {
            case RawScalarKind.Bool:
                var fault = Varints.Decode(numbers.Bytes, out ReadOnlyMemory<byte> bools);
                scalars = new() { Kind = kind, Count = bools.Length, Bools = bools };
                return fault;
            case RawScalarKind.Int:
                fault = Varints.Decode(numbers.Bytes.Span, out int[] ints);
                scalars = new() { Kind = kind, Count = ints.Length, Ints = ints };
                return fault;
            case RawScalarKind.Long or RawScalarKind.Timestamptz:
                fault = Varints.Decode(numbers.Bytes.Span, out long[] longs);
                scalars = new() { Kind = kind, Count = longs.Length, Longs = longs };
                return fault;
            case RawScalarKind.Float or RawScalarKind.Double:
                var width = kind is RawScalarKind.Float ? 4 : 8;
                scalars = new() { Kind = kind, Count = numbers.Bytes.Length / width, Floats = numbers.Bytes };
                return numbers.Bytes.Length % width == 0 ? null : $"{numbers.Bytes.Length} bytes are no whole number of values of {width} bytes";
            case RawScalarKind.Array:
                scalars = new() { Kind = kind, Count = arrays?.Count ?? 0, Arrays = arrays?.ToArray(), ElementType = elementType };
                return null;
            default:
                scalars = new() { Kind = kind, Count = blobs?.Count ?? 0, Blobs = blobs?.ToArray() };
                return null;
        }
    }

    private void Choose(RawScalarKind chosen)
    {
        if (kind != chosen)
        {
            kind = chosen;
            numbers = new();
            blobs = null;
            arrays = null;
            elementType = DataType.None;
        }
    }

    /// <summary>Reads a BoolArray, IntArray ...: all hold their values in field 1.</summary>
    private string? Values(ReadOnlyMemory<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field == DataField && Single() is { } single && (reader.Type == single || reader.Type == WireType.Bytes))
            {
                numbers.Add(reader.Element());
            }
            else if (reader is { Field: DataField, Type: WireType.Bytes } && kind is RawScalarKind.Array)
            {
                if (Element(reader.Bytes()) is { } fault)
                {
                    return $"row {arrays?.Count ?? 0}: {fault}";
                }
            }
            else if (reader is { Field: DataField, Type: WireType.Bytes } && Single() is null)
            {
                var blob = reader.Bytes();
                if (kind is RawScalarKind.Text or RawScalarKind.GeometryText && !Utf8.IsValid(blob.Span))
                {
                    return $"row {blobs?.Count ?? 0}: the text is not UTF-8";
                }

                (blobs ??= []).Add(blob);
            }
            else if (reader is { Field: ElementTypeField, Type: WireType.Varint } && kind is RawScalarKind.Array)
            {
                elementType = (DataType)(int)reader.Varint();
            }
            else
            {
                reader.Skip();
            }
        }

        return reader.Fault;
    }

    private string? Element(ReadOnlyMemory<byte> message)
    {
        var nested = new ScalarsReader(depth + 1);
        RawScalars? element = null;
        if ((nested.Merge(message) ?? nested.Build(out element)) is { } fault)
        {
            return fault;
        }

        (arrays ??= []).Add(element!);
        return null;
    }

    /// <summary>How one number is encoded where it stands alone; null for what are no numbers.</summary>
    private WireType? Single() => kind switch
    {
        RawScalarKind.Bool or RawScalarKind.Int or RawScalarKind.Long or RawScalarKind.Timestamptz => WireType.Varint,
        RawScalarKind.Float => WireType.Fixed32,
        RawScalarKind.Double => WireType.Fixed64,
        _ => null,
    };
}
