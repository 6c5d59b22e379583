using System.Collections.Immutable;
using Elanus.Milvus.Protocol.Common;
using Elanus.Milvus.Wire;

namespace Elanus.Milvus;

/// <summary>The vectors of a search: a serialised placeholder group, one value a query, as a column of the searched field's type.</summary>
public static class QueryVectors
{
    /// <param name="field">The vector field that is searched.</param>
    /// <param name="group">The placeholder group of the request; a single dense vector stays where it lies in it.</param>
    /// <param name="queries">Number of queries the request announces; 0 where it leaves that to the group.</param>
    public static Result<ColumnBlock> Read(FieldSchema field, ReadOnlyMemory<byte> group, long queries)
    {
        if (!RawPlaceholder.ReadGroup(group).TryGet(out var placeholders, out var failure))
        {
            return failure with { Sentence = $"field {field.Name}: {failure.Sentence}" };
        }

        if (placeholders is not [var placeholder])
        {
            return Failure.Invalid($"a search on field {field.Name} needs one placeholder, got {placeholders.Length}");
        }

        if (placeholder.Type is >= PlaceholderType.EmbListBinaryVector and <= PlaceholderType.EmbListInt8Vector)
        {
            return Failure.Unimplemented($"search by lists of vectors ({placeholder.Type}) on field {field.Name}");
        }

        if ((int)placeholder.Type != (int)field.Type)
        {
            return new Failure(FailureCode.Unexpected, $"vector type must be the same, field {field.Name} - type {field.Type}, search info type {placeholder.Type}");
        }

        if (placeholder.Values.Length == 0 || (queries != 0 && queries != placeholder.Values.Length))
        {
            return Failure.Invalid($"nq is {queries}, but the placeholder group of field {field.Name} holds {placeholder.Values.Length} vectors");
        }

        return field.Type == DataType.SparseFloatVector ? Sparse(field, placeholder.Values) : Dense(field, placeholder.Values);
    }

    private static Result<ColumnBlock> Dense(FieldSchema field, ImmutableArray<ReadOnlyMemory<byte>> vectors)
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
        var values = vectors[0];
        if (vectors.Length > 1)
        {
            var joined = new byte[vectors.Length * width];
            for (var i = 0; i < vectors.Length; i++)
            {
                vectors[i].Span.CopyTo(joined.AsSpan(i * width));
            }

            values = joined;
        }

        return new HeapColumn(field.Type, DataType.None, field.Dimension, vectors.Length, values, default, default);
    }

    private static Result<ColumnBlock> Sparse(FieldSchema field, ImmutableArray<ReadOnlyMemory<byte>> vectors)
    {
        var builder = new ColumnBuilder(field, vectors.Length);
        foreach (var vector in vectors)
        {
            if (vector.Length % SparseRow.PairBytes != 0)
            {
                return Failure.Invalid($"query {builder.Rows} of field {field.Name}: a sparse vector is a list of pairs of {SparseRow.PairBytes} bytes, got {vector.Length} bytes");
            }

            builder.Append(SparseRow.Sorted(vector).Span);
        }

        return builder.Build();
    }
}
