using System.Buffers.Binary;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Milvus.Wire;
using Google.Protobuf;
using DataType = Elanus.Milvus.Protocol.Schema.DataType;

namespace Elanus.Milvus.Tests.Wire;

/// <summary>Hand-made protobuf, and the way back from what the raw readers read to protobuf's own messages.</summary>
internal static class Encoding
{
    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static byte[] Field(int number, params byte[][] parts)
    {
        var content = parts.SelectMany(part => part).ToArray();
        return [.. Varint((ulong)number << 3 | 2), .. Varint((ulong)content.Length), .. content];
    }

    public static byte[] Number(int number, ulong value) => [.. Varint((ulong)number << 3), .. Varint(value)];

    public static byte[] Single(int number, float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return [.. Varint((ulong)number << 3 | 5), .. bytes];
    }

    public static byte[] Floats(params float[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    public static FieldData Message(RawFieldData raw)
    {
        var message = new FieldData { Type = (DataType)(int)raw.Type, FieldName = raw.Name, FieldId = raw.FieldId.Value, IsDynamic = raw.IsDynamic };
        message.ValidData.AddRange(raw.ValidData.ToArray().Select(b => b != 0));
        if (raw.Scalars is not null)
        {
            message.Scalars = Message(raw.Scalars);
        }

        if (raw.Vectors is not null)
        {
            message.Vectors = Message(raw.Vectors);
        }

        if (raw.Structs is { } structs)
        {
            message.StructArrays = new();
            message.StructArrays.Fields.AddRange(structs.Select(Message));
        }

        return message;
    }

    private static ScalarField Message(RawScalars raw)
    {
        var floats = raw.Floats.ToArray();
        var blobs = raw.Blobs.ToArray();
        var texts = blobs.Select(blob => System.Text.Encoding.UTF8.GetString(blob.Span));
        var bytes = blobs.Select(Copy);
        return raw.Kind switch
        {
            RawScalarKind.Bool => new() { BoolData = new() { Data = { raw.Bools.ToArray().Select(b => b == 1) } } },
            RawScalarKind.Int => new() { IntData = new() { Data = { raw.Ints.ToArray() } } },
            RawScalarKind.Long => new() { LongData = new() { Data = { raw.Longs.ToArray() } } },
            RawScalarKind.Float => new() { FloatData = new() { Data = { Enumerable.Range(0, raw.Count).Select(i => BitConverter.ToSingle(floats, i * 4)) } } },
            RawScalarKind.Double => new() { DoubleData = new() { Data = { Enumerable.Range(0, raw.Count).Select(i => BitConverter.ToDouble(floats, i * 8)) } } },
            RawScalarKind.Text => new() { StringData = new() { Data = { texts } } },
            RawScalarKind.Bytes => new() { BytesData = new() { Data = { bytes } } },
            RawScalarKind.Array => new() { ArrayData = new() { ElementType = (DataType)(int)raw.ElementType, Data = { raw.Arrays.ToArray().Select(Message) } } },
            RawScalarKind.Json => new() { JsonData = new() { Data = { bytes } } },
            RawScalarKind.Geometry => new() { GeometryData = new() { Data = { bytes } } },
            RawScalarKind.Timestamptz => new() { TimestamptzData = new() { Data = { raw.Longs.ToArray() } } },
            RawScalarKind.GeometryText => new() { GeometryWktData = new() { Data = { texts } } },
            _ => new(),
        };
    }

    private static VectorField Message(RawVectors raw)
    {
        var message = new VectorField();
        var data = raw.Data.ToArray();
        switch ((DataType)(int)raw.Kind)
        {
            case DataType.FloatVector:
                message.FloatVector = new() { Data = { Enumerable.Range(0, data.Length / 4).Select(i => BitConverter.ToSingle(data, i * 4)) } };
                break;
            case DataType.BinaryVector:
                message.BinaryVector = Copy(raw.Data);
                break;
            case DataType.Float16Vector:
                message.Float16Vector = Copy(raw.Data);
                break;
            case DataType.Bfloat16Vector:
                message.Bfloat16Vector = Copy(raw.Data);
                break;
            case DataType.Int8Vector:
                message.Int8Vector = Copy(raw.Data);
                break;
            case DataType.SparseFloatVector:
                message.SparseFloatVector = new() { Contents = { raw.Sparse.ToArray().Select(Copy) } };
                break;
            case DataType.ArrayOfVector:
                message.VectorArray = new() { ElementType = (DataType)(int)raw.ElementType, Data = { raw.Lists.ToArray().Select(Message) } };
                break;
            default:
                break;
        }

        message.Dim = raw.Dimension;
        return message;
    }

    private static ByteString Copy(ReadOnlyMemory<byte> bytes) => ByteString.CopyFrom(bytes.Span);
}
