using System.Collections.Immutable;
using Elanus.Milvus.Protocol;
using Google.Protobuf;

namespace Elanus.Milvus.Wire;

/// <summary>Reads inserts and upserts.</summary>
public static class RawMutations
{
    /// <summary>An insert, or a failure that names the place where the bytes are malformed.</summary>
    public static Result<RawMutation<InsertRequest>> ReadInsert(ReadOnlyMemory<byte> raw) => Read(raw, new InsertRequest(), InsertRequest.FieldsDataFieldNumber);

    /// <summary>An upsert, or a failure that names the place where the bytes are malformed.</summary>
    public static Result<RawMutation<UpsertRequest>> ReadUpsert(ReadOnlyMemory<byte> raw) => Read(raw, new UpsertRequest(), UpsertRequest.FieldsDataFieldNumber);

    private static Result<RawMutation<T>> Read<T>(ReadOnlyMemory<byte> raw, T request, int fieldsData)
        where T : IMessage<T>
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        if (RequestParts.Split(raw, fieldsData, request, parts) is { } fault)
        {
            return Failure.Invalid($"the {request.Descriptor.Name} is malformed: {fault}");
        }

        var fields = ImmutableArray.CreateBuilder<RawFieldData>(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            if (FieldDataReader.Read(parts[i], depth: 1, out var column) is { } broken)
            {
                return Failure.Invalid($"the {request.Descriptor.Name} is malformed in fields_data[{i}]: {broken}");
            }

            fields.Add(column!);
        }

        return new RawMutation<T>(request, fields.MoveToImmutable());
    }
}
