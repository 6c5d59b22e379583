using System.Runtime.InteropServices;
using Elanus.Milvus.Protocol.Common;
using Google.Protobuf;

namespace Elanus.Milvus.Tests.Columns;

public sealed class QueryVectorsTests
{
    [Theory]
    [InlineData(DataType.FloatVector, 8, 32)]
    [InlineData(DataType.Float16Vector, 8, 16)]
    [InlineData(DataType.BFloat16Vector, 8, 16)]
    [InlineData(DataType.Int8Vector, 8, 8)]
    [InlineData(DataType.BinaryVector, 16, 2)]
    public void Dense_vectors_of_every_type_become_a_column(DataType type, int dimension, int bytes)
    {
        var first = Enumerable.Range(0, bytes).Select(i => (byte)i).ToArray();
        var second = Enumerable.Range(50, bytes).Select(i => (byte)i).ToArray();

        var one = QueryVectors.Read(Field(type, dimension), Group((PlaceholderType)type, first), 1).Value;
        var two = QueryVectors.Read(Field(type, dimension), Group((PlaceholderType)type, first, second), 0).Value;

        Assert.Equal((type, dimension, 1), (one.Type, one.Dimension, one.Rows));
        Assert.Equal(first, one.Values.ToArray());
        Assert.Equal([.. first, .. second], two.Values.ToArray());
    }

    [Fact]
    public void Sparse_vectors_may_come_in_any_order()
    {
        var read = QueryVectors.Read(Field(DataType.SparseFloatVector, 0), Group(PlaceholderType.SparseFloatVector, Sparse((9, 1f), (2, 2f), (uint.MaxValue, 3f)), []), 2).Value;
        Assert.Equal(Sparse((2, 2f), (9, 1f), (uint.MaxValue, 3f)), read.Bytes(0).ToArray());
        Assert.Equal(0, read.Bytes(1).Length);
    }

    [Fact]
    public void Pairs_in_order_are_not_copied()
    {
        ReadOnlyMemory<byte> pairs = Sparse((1, 1f), (2, 2f));
        Assert.True(MemoryMarshal.TryGetArray(SparseRow.Sorted(pairs), out var kept) && MemoryMarshal.TryGetArray(pairs, out var given) && ReferenceEquals(kept.Array, given.Array));
    }

    [Fact]
    public void Another_dimension_is_refused_in_bytes()
    {
        var failure = QueryVectors.Read(Field(DataType.FloatVector, 4), Group(PlaceholderType.FloatVector, new byte[16], new byte[12]), 2).Failure!;
        Assert.StartsWith("vector dimension mismatch, expected vector size(byte) 16, actual 12.", failure.Sentence, StringComparison.Ordinal);
        Assert.Contains("field v", failure.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_type_is_refused_by_name()
    {
        var failure = QueryVectors.Read(Field(DataType.Float16Vector, 4), Group(PlaceholderType.FloatVector, new byte[16]), 1).Failure!;
        Assert.Equal("vector type must be the same, field v - type Float16Vector, search info type FloatVector", failure.Sentence);
    }

    [Fact]
    public void Counts_that_disagree_and_groups_that_are_empty_or_broken_are_refused()
    {
        var field = Field(DataType.FloatVector, 1);
        Assert.Contains("nq is 3", QueryVectors.Read(field, Group(PlaceholderType.FloatVector, new byte[4]), 3).Failure!.Sentence, StringComparison.Ordinal);
        Assert.False(QueryVectors.Read(field, Group(PlaceholderType.FloatVector), 0).Succeeded);
        Assert.Contains("one placeholder", QueryVectors.Read(field, default, 1).Failure!.Sentence, StringComparison.Ordinal);
        Assert.Contains("malformed", QueryVectors.Read(field, new byte[] { 0xff, 0xff }, 1).Failure!.Sentence, StringComparison.Ordinal);
        Assert.False(QueryVectors.Read(Field(DataType.SparseFloatVector, 0), Group(PlaceholderType.SparseFloatVector, new byte[7]), 1).Succeeded);
    }

    [Fact]
    public void Lists_of_vectors_are_not_built()
    {
        var failure = QueryVectors.Read(Field(DataType.FloatVector, 1), Group(PlaceholderType.EmbListFloatVector, new byte[8]), 1).Failure!;
        Assert.Equal(FailureCode.Unimplemented, failure.Code);
    }

    private static FieldSchema Field(DataType type, int dimension) => new() { Id = new(101), Name = "v", Type = type, Dimension = dimension };

    private static ReadOnlyMemory<byte> Group(PlaceholderType type, params byte[][] values)
    {
        var placeholder = new PlaceholderValue { Tag = "$0", Type = type };
        placeholder.Values.AddRange(values.Select(v => ByteString.CopyFrom(v)));
        return new PlaceholderGroup { Placeholders = { placeholder } }.ToByteArray();
    }

    private static byte[] Sparse(params (uint Index, float Value)[] pairs) =>
        [.. pairs.SelectMany(p => (byte[])[.. BitConverter.GetBytes(p.Index), .. BitConverter.GetBytes(p.Value)])];
}
