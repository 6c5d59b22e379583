using Google.Protobuf;

namespace Elanus.Milvus.Tests.Columns;

public sealed class FieldDataWritingTests
{
    [Fact]
    public void Numbers_travel_in_their_lists()
    {
        Assert.Equal([true, false], Write(DataType.Bool, b => b.Append((byte)1).Append((byte)0)).Scalars.BoolData.Data);
        Assert.Equal([-128, 127], Write(DataType.Int8, b => b.Append(sbyte.MinValue).Append(sbyte.MaxValue)).Scalars.IntData.Data);
        Assert.Equal([-32768], Write(DataType.Int16, b => b.Append(short.MinValue)).Scalars.IntData.Data);
        Assert.Equal([int.MaxValue], Write(DataType.Int32, b => b.Append(int.MaxValue)).Scalars.IntData.Data);
        Assert.Equal([long.MinValue], Write(DataType.Int64, b => b.Append(long.MinValue)).Scalars.LongData.Data);
        Assert.Equal([0.5f], Write(DataType.Float, b => b.Append(0.5f)).Scalars.FloatData.Data);
        Assert.Equal([0.1], Write(DataType.Double, b => b.Append(0.1)).Scalars.DoubleData.Data);
    }

    [Fact]
    public void Texts_and_documents_travel_row_by_row()
    {
        Assert.Equal(["a", "", "ü"], Write(DataType.VarChar, b => b.AppendText("a").AppendText("").AppendText("ü")).Scalars.StringData.Data);
        Assert.Equal(["{}", "[1]"], Write(DataType.Json, b => b.AppendText("{}").AppendText("[1]")).Scalars.JsonData.Data.Select(d => d.ToStringUtf8()));
    }

    [Fact]
    public void Rows_without_a_value_keep_their_place()
    {
        var data = Write(DataType.VarChar, b => b.AppendText("a").AppendNull().AppendText("c"), f => f with { Nullable = true });
        Assert.Equal([true, false, true], data.ValidData);
        Assert.Equal(["a", "", "c"], data.Scalars.StringData.Data);
    }

    [Fact]
    public void A_nullable_field_says_of_every_row_that_it_has_a_value()
    {
        Assert.Equal([true, true], Write(DataType.Int64, b => b.Append(1L).Append(2L), f => f with { Nullable = true }).ValidData);
        Assert.Empty(Write(DataType.Int64, b => b.Append(1L)).ValidData);
    }

    [Fact]
    public void Arrays_carry_their_element_type_and_empty_places_for_nulls()
    {
        var field = new FieldSchema { Id = new(103), Name = "tags", Type = DataType.Array, ElementType = DataType.VarChar, Nullable = true };
        var values = new ColumnBuilder(field)
            .Append([2, 0, 0, 0, (byte)'h', (byte)'i', 0, 0, 0, 0])
            .AppendNull()
            .Append([])
            .Build();

        var data = FieldDataWriting.Write(field, values);

        Assert.Equal(Protocol.Schema.DataType.VarChar, data.Scalars.ArrayData.ElementType);
        Assert.Equal(["hi", ""], data.Scalars.ArrayData.Data[0].StringData.Data);
        Assert.Equal(Protocol.Schema.ScalarField.DataOneofCase.None, data.Scalars.ArrayData.Data[1].DataCase);
        Assert.Empty(data.Scalars.ArrayData.Data[2].StringData.Data);
        Assert.Equal([true, false, true], data.ValidData);
    }

    [Theory]
    [InlineData(DataType.Bool, new byte[] { 1, 0 }, "[ true, false ]")]
    [InlineData(DataType.Int8, new byte[] { 255, 1 }, "[ -1, 1 ]")]
    [InlineData(DataType.Int16, new byte[] { 255, 255, 1, 0 }, "[ -1, 1 ]")]
    [InlineData(DataType.Int32, new byte[] { 1, 0, 0, 0 }, "[ 1 ]")]
    [InlineData(DataType.Int64, new byte[] { 1, 0, 0, 0, 0, 0, 0, 0 }, "[ \"1\" ]")]
    [InlineData(DataType.Float, new byte[] { 0, 0, 128, 63 }, "[ 1 ]")]
    [InlineData(DataType.Double, new byte[] { 0, 0, 0, 0, 0, 0, 240, 63 }, "[ 1 ]")]
    public void Arrays_of_every_element_type(DataType element, byte[] bytes, string shown)
    {
        var field = new FieldSchema { Id = new(103), Name = "a", Type = DataType.Array, ElementType = element };
        var row = FieldDataWriting.Write(field, new ColumnBuilder(field).Append(bytes).Build()).Scalars.ArrayData.Data[0];
        Assert.Contains(shown, JsonFormatter.Default.Format(row), StringComparison.Ordinal);
    }

    [Fact]
    public void Vectors_travel_as_one_run_with_their_dimension()
    {
        var floats = Vector(DataType.FloatVector, 2, b => b.Append([0, 0, 128, 63, 0, 0, 0, 64]));
        Assert.Equal(2, floats.Dim);
        Assert.Equal([1f, 2f], floats.FloatVector.Data);
        Assert.Equal((byte[])[1, 2, 3, 4], Vector(DataType.Float16Vector, 2, b => b.Append([1, 2, 3, 4])).Float16Vector.ToByteArray());
        Assert.Equal((byte[])[1, 2, 3, 4], Vector(DataType.BFloat16Vector, 2, b => b.Append([1, 2, 3, 4])).Bfloat16Vector.ToByteArray());
        Assert.Equal((byte[])[1, 2], Vector(DataType.Int8Vector, 2, b => b.Append([1, 2])).Int8Vector.ToByteArray());
        var binary = Vector(DataType.BinaryVector, 16, b => b.Append([1, 2]).Append([3, 4]));
        Assert.Equal(16, binary.Dim);
        Assert.Equal((byte[])[1, 2, 3, 4], binary.BinaryVector.ToByteArray());
    }

    [Fact]
    public void Sparse_vectors_travel_row_by_row()
    {
        var sparse = Vector(DataType.SparseFloatVector, 0, b => b.Append([5, 0, 0, 0, 0, 0, 128, 63]).Append([]).Append([1, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Equal(3, sparse.SparseFloatVector.Contents.Count);
        Assert.Equal(6, sparse.SparseFloatVector.Dim);
        Assert.Equal(0, sparse.SparseFloatVector.Contents[1].Length);
    }

    [Fact]
    public void The_field_is_named_and_the_dynamic_one_marked()
    {
        var data = Write(DataType.Json, b => b.AppendText("{}"), f => f with { Name = "$meta", IsDynamic = true });
        Assert.Equal((Protocol.Schema.DataType.Json, "$meta", 100L, true), (data.Type, data.FieldName, data.FieldId, data.IsDynamic));
    }

    [Fact]
    public void Keys_travel_by_their_type_and_return()
    {
        var key = new FieldSchema { Id = new(100), Name = "id", Type = DataType.Int64, IsPrimaryKey = true };
        var numbers = KeyLists.Write(new ColumnBuilder(key).Append(3L).Append(-1L).Build());
        Assert.Equal([3L, -1L], numbers.IntId.Data);
        Assert.Equal([3L, -1L], KeyLists.Read(key, numbers).Value.As<long>().ToArray());

        var texts = KeyLists.Write(new ColumnBuilder(DataType.VarChar).AppendText("a").AppendText("b").Build());
        Assert.Equal(["a", "b"], texts.StrId.Data);
        Assert.Equal("b"u8.ToArray(), KeyLists.Read(key with { Type = DataType.VarChar }, texts).Value.Bytes(1).ToArray());

        Assert.Contains("id", KeyLists.Read(key, texts).Failure!.Sentence, StringComparison.Ordinal);
    }

    private static Protocol.Schema.FieldData Write(DataType type, Action<ColumnBuilder> fill, Func<FieldSchema, FieldSchema>? change = null)
    {
        var field = new FieldSchema { Id = new(100), Name = "f", Type = type };
        var builder = new ColumnBuilder(field);
        fill(builder);
        return FieldDataWriting.Write(change?.Invoke(field) ?? field, builder.Build());
    }

    private static Protocol.Schema.VectorField Vector(DataType type, int dimension, Action<ColumnBuilder> fill)
    {
        var field = new FieldSchema { Id = new(100), Name = "v", Type = type, Dimension = dimension };
        var builder = new ColumnBuilder(field);
        fill(builder);
        return FieldDataWriting.Write(field, builder.Build()).Vectors;
    }
}
