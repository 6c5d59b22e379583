using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;

namespace Elanus.Server.Tests;

/// <summary>Inserts into collections of <see cref="NodeWorld.Draft"/>.</summary>
internal static class InsertRequests
{
    public static InsertRequest Row(string collection, long id, string text) => new()
    {
        CollectionName = collection,
        NumRows = 1,
        FieldsData =
        {
            new FieldData { FieldName = "id", Type = DataType.Int64, Scalars = new() { LongData = new() { Data = { id } } } },
            new FieldData { FieldName = "text", Type = DataType.VarChar, Scalars = new() { StringData = new() { Data = { text } } } },
            new FieldData { FieldName = "vec", Type = DataType.FloatVector, Vectors = new() { Dim = 2, FloatVector = new() { Data = { id, 0f } } } },
        },
    };
}
