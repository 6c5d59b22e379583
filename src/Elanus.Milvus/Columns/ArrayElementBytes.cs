using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Elanus.Milvus.Protocol.Schema;

namespace Elanus.Milvus;

/// <summary>One row of an array field, from the bytes that <see cref="ColumnBlock"/> describes to the protocol's scalar field.</summary>
internal static class ArrayElementBytes
{
    public static ScalarField Write(Primitives.DataType element, ReadOnlySpan<byte> bytes) => element switch
    {
        Primitives.DataType.Bool => new() { BoolData = ScalarWriting.Bools(bytes) },
        Primitives.DataType.Int8 => new() { IntData = ScalarWriting.Ints<sbyte>(MemoryMarshal.Cast<byte, sbyte>(bytes)) },
        Primitives.DataType.Int16 => new() { IntData = ScalarWriting.Ints<short>(MemoryMarshal.Cast<byte, short>(bytes)) },
        Primitives.DataType.Int32 => new() { IntData = ScalarWriting.Ints<int>(MemoryMarshal.Cast<byte, int>(bytes)) },
        Primitives.DataType.Int64 => new() { LongData = ScalarWriting.Longs(MemoryMarshal.Cast<byte, long>(bytes)) },
        Primitives.DataType.Float => new() { FloatData = new() { Data = { MemoryMarshal.Cast<byte, float>(bytes).ToArray() } } },
        Primitives.DataType.Double => new() { DoubleData = new() { Data = { MemoryMarshal.Cast<byte, double>(bytes).ToArray() } } },
        Primitives.DataType.VarChar => new() { StringData = Texts(bytes) },
        _ => throw new InvariantBrokenException($"an array has elements of type {element}"),
    };

    private static StringArray Texts(ReadOnlySpan<byte> bytes)
    {
        var texts = new StringArray();
        while (!bytes.IsEmpty)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            texts.Data.Add(Encoding.UTF8.GetString(bytes.Slice(sizeof(uint), length)));
            bytes = bytes[(sizeof(uint) + length)..];
        }

        return texts;
    }
}
