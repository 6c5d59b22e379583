using System.Runtime.InteropServices;
using Elanus.Milvus.Protocol.Schema;

namespace Elanus.Milvus;

/// <summary>Primary keys as the protocol lists them, in both directions.</summary>
public static class KeyLists
{
    public static IDs Write(ColumnBlock keys) => keys.Type == Primitives.DataType.Int64
        ? new() { IntId = ScalarWriting.Longs(keys.As<long>()) }
        : new() { StrId = ScalarWriting.Texts(keys) };

    /// <summary>Keys for a primary key field; of the other kind they are a failure.</summary>
    public static Result<ColumnBlock> Read(Primitives.FieldSchema key, IDs ids)
    {
        var kind = key.Type == Primitives.DataType.Int64 ? IDs.IdFieldOneofCase.IntId : IDs.IdFieldOneofCase.StrId;
        if (ids.IdFieldCase != kind)
        {
            return Failure.Invalid($"the ids are {ids.IdFieldCase}, but the primary key field {key.Name} is {key.Type}");
        }

        if (kind == IDs.IdFieldOneofCase.IntId)
        {
            var values = new long[ids.IntId.Data.Count];
            ids.IntId.Data.CopyTo(values, 0);
            var bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
            return new HeapColumn(Primitives.DataType.Int64, Primitives.DataType.None, 0, values.Length, bytes, default, default);
        }

        var builder = new ColumnBuilder(Primitives.DataType.VarChar, capacityRows: ids.StrId.Data.Count);
        foreach (var text in ids.StrId.Data)
        {
            builder.AppendText(text);
        }

        return builder.Build();
    }
}
