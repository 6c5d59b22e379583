using Elanus.Milvus.Protocol.Common;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Elanus.Milvus;

/// <summary>The vectors of a search: a serialised placeholder group, one value a query, as a column of the searched field's type.</summary>
public static class QueryVectors
{
    /// <param name="field">The vector field that is searched.</param>
    /// <param name="group">The placeholder group of the request.</param>
    /// <param name="queries">Number of queries the request announces; 0 where it leaves that to the group.</param>
    public static Result<ColumnBlock> Read(FieldSchema field, ByteString group, long queries)
    {
        PlaceholderGroup parsed;
        try
        {
            parsed = PlaceholderGroup.Parser.ParseFrom(group);
        }
        catch (InvalidProtocolBufferException broken)
        {
            return Failure.Invalid($"the placeholder group of field {field.Name} cannot be read: {broken.Message}");
        }

        if (parsed.Placeholders is not [var placeholder])
        {
            return Failure.Invalid($"a search on field {field.Name} needs one placeholder, got {parsed.Placeholders.Count}");
        }

        if ((int)placeholder.Type is >= (int)PlaceholderType.EmbListBinaryVector and <= (int)PlaceholderType.EmbListInt8Vector)
        {
            return Failure.Unimplemented($"search by lists of vectors ({placeholder.Type}) on field {field.Name}");
        }

        if ((int)placeholder.Type != (int)field.Type)
        {
            return new Failure(FailureCode.Unexpected, $"vector type must be the same, field {field.Name} - type {field.Type}, search info type {placeholder.Type}");
        }

        if (placeholder.Values.Count == 0 || (queries != 0 && queries != placeholder.Values.Count))
        {
            return Failure.Invalid($"nq is {queries}, but the placeholder group of field {field.Name} holds {placeholder.Values.Count} vectors");
        }

        return field.Type == DataType.SparseFloatVector ? Sparse(field, placeholder.Values) : Dense(field, placeholder.Values);
    }

    private static Result<ColumnBlock> Dense(FieldSchema field, RepeatedField<ByteString> vectors)
    {
        var width = field.Type.Width(field.Dimension);
        foreach (var vector in vectors)
        {
            if (vector.Length != width)
            {
                return new Failure(FailureCode.Unexpected, $"vector dimension mismatch, expected vector size(byte) {width}, actual {vector.Length}. (field {field.Name})");
            }
        }

        // One query, the commonest case, is searched where it lies.
        var values = vectors[0].Memory;
        if (vectors.Count > 1)
        {
            var joined = new byte[vectors.Count * width];
            for (var i = 0; i < vectors.Count; i++)
            {
                vectors[i].Span.CopyTo(joined.AsSpan(i * width));
            }

            values = joined;
        }

        return new HeapColumn(field.Type, DataType.None, field.Dimension, vectors.Count, values, default, default);
    }

    private static Result<ColumnBlock> Sparse(FieldSchema field, RepeatedField<ByteString> vectors)
    {
        var builder = new ColumnBuilder(field, vectors.Count);
        for (var i = 0; i < vectors.Count; i++)
        {
            if (vectors[i].Length % SparseRow.PairBytes != 0)
            {
                return Failure.Invalid($"query {i} of field {field.Name}: a sparse vector is a list of pairs of {SparseRow.PairBytes} bytes, got {vectors[i].Length} bytes");
            }

            builder.Append(SparseRow.Sorted(vectors[i].Memory).Span);
        }

        return builder.Build();
    }
}
