using Elanus.Milvus.Protocol.Schema;
using Elanus.Milvus.Wire;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Type = Elanus.Milvus.Protocol.Schema.DataType;

namespace Elanus.Milvus.Tests.Columns;

public sealed class FieldDataReadingTests
{
    private static readonly Primitives.CollectionSchema Schema = new()
    {
        Name = "c",
        Fields = [new() { Id = new(100), Name = "tags", Type = Primitives.DataType.Array, ElementType = Primitives.DataType.Int8, MaxCapacity = 9 }],
    };

    [Fact]
    public void What_is_written_is_what_is_read()
    {
        foreach (var column in Columns())
        {
            var field = new Primitives.FieldSchema { Id = new(101), Name = "f", Type = column.Type, ElementType = column.ElementType, Dimension = column.Dimension, Nullable = !column.Validity.IsEmpty };
            var read = Read(FieldDataWriting.Write(field, column), Schema).Value.Values;

            Assert.Equal((column.Type, column.ElementType, column.Dimension, column.Rows), (read.Type, read.ElementType, read.Dimension, read.Rows));
            for (var row = 0; row < column.Rows; row++)
            {
                Assert.Equal(column.IsValid(row), read.IsValid(row));
                Assert.Equal(column.Bytes(row).ToArray(), read.Bytes(row).ToArray());
            }
        }
    }

    [Fact]
    public void Integers_keep_their_values_whatever_they_are() => Prop.ForAll<int[], bool[]>((values, marks) =>
    {
        foreach (var (type, wire, least, most) in new[] { (Primitives.DataType.Int8, Type.Int8, -128, 127), (Primitives.DataType.Int16, Type.Int16, -32768, 32767), (Primitives.DataType.Int32, Type.Int32, int.MinValue, int.MaxValue) })
        {
            var data = new FieldData { FieldName = "n", Type = wire, Scalars = new() { IntData = new() { Data = { values } } } };
            var fits = Array.TrueForAll(values, v => v >= least && v <= most);
            var read = Read(data, Schema);
            if (read.Succeeded != fits || (fits && (read.Value.Values.Type != type || read.Value.Values.Rows != values.Length)))
            {
                return false;
            }
        }

        return marks is not null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_number_that_does_not_fit_is_named_by_field_and_row()
    {
        var data = new FieldData { FieldName = "small", Type = Type.Int8, Scalars = new() { IntData = new() { Data = { 1, 128 } } } };
        Assert.Equal("the 1th element (128) of field small out of range: Int8", Read(data, Schema).Failure!.Sentence);

        var array = Tags(new ScalarField { IntData = new() { Data = { 1 } } }, new ScalarField { IntData = new() { Data = { 1, -200 } } });
        Assert.Equal("the 1th element (-200) of the array in row 1 of field tags out of range: Int8", Read(array, Schema).Failure!.Sentence);
    }

    [Fact]
    public void Compact_and_padded_nulls_give_the_same_column() => Prop.ForAll<bool[]>(marks =>
    {
        var compact = new FieldData { FieldName = "n", Type = Type.Int64, ValidData = { marks }, Scalars = new() { LongData = new() } };
        var padded = compact.Clone();
        for (var row = 0; row < marks.Length; row++)
        {
            padded.Scalars.LongData.Data.Add(marks[row] ? row + 1 : 0);
            if (marks[row])
            {
                compact.Scalars.LongData.Data.Add(row + 1);
            }
        }

        var (a, b) = (Read(compact, Schema).Value.Values, Read(padded, Schema).Value.Values);
        return a.Rows == marks.Length && b.Rows == marks.Length && a.Values.SequenceEqual(b.Values) && a.Validity.SequenceEqual(b.Validity)
            && Enumerable.Range(0, marks.Length).All(row => a.IsValid(row) == marks[row] && a.As<long>()[row] == (marks[row] ? row + 1 : 0));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_column_of_nulls_may_come_without_any_values()
    {
        var data = new FieldData { FieldName = "n", Type = Type.VarChar, ValidData = { false, false }, Scalars = new() };
        var column = Read(data, Schema).Value.Values;
        Assert.Equal((2, false, false), (column.Rows, column.IsValid(0), column.IsValid(1)));
    }

    [Fact]
    public void The_element_type_may_be_left_to_the_schema()
    {
        var data = Tags(new ScalarField { IntData = new() { Data = { 7, -7 } } }, new ScalarField());
        data.Scalars.ArrayData.ElementType = Type.None;
        var column = Read(data, Schema).Value.Values;
        Assert.Equal(Primitives.DataType.Int8, column.ElementType);
        Assert.Equal(new byte[] { 7, 249 }, column.Bytes(0).ToArray());
        Assert.Equal(0, column.Bytes(1).Length);
    }

    [Fact]
    public void The_dynamic_column_may_come_without_a_name()
    {
        var data = new FieldData { Type = Type.Json, IsDynamic = true, Scalars = new() { JsonData = new() { Data = { ByteString.CopyFromUtf8("{}") } } } };
        var column = Read(data, Schema).Value;
        Assert.Equal(("$meta", true), (column.Name, column.IsDynamic));
    }

    [Fact]
    public void Data_that_contradicts_itself_is_refused_with_the_field_in_the_sentence()
    {
        (FieldData Data, string Part)[] wrong =
        [
            (new() { FieldName = "f1", Type = Type.Int64 }, "carries no data"),
            (new() { FieldName = "f1", Type = Type.Int64, Scalars = new() { StringData = new() } }, "announced as Int64, but its data is Text"),
            (new() { FieldName = "f1", Type = Type.None, Scalars = new() { LongData = new() } }, "announced as None"),
            (new() { FieldName = "f1", Type = Type.FloatVector, Scalars = new() { LongData = new() } }, "announced as FloatVector"),
            (new() { FieldName = "f1", Type = Type.Int64, ValidData = { true, false, true }, Scalars = new() { LongData = new() { Data = { 1 } } } }, "valid_data of field(f1) is wrong: 3 rows, 2 of them with a value, but 1 values"),
            (Floats(3, 1, 2, 3, 4), "should divide the dim(3)"),
            (Floats(0, 1), "dim (0)"),
            (Floats(-4, 1), "dim (-4)"),
            (Floats(long.MaxValue, 1), "is no dimension"),
            (new() { FieldName = "f1", Type = Type.BinaryVector, Vectors = new() { Dim = 12, BinaryVector = ByteString.CopyFrom(1, 2) } }, "dim (12)"),
            (new() { FieldName = "f1", Type = Type.Float16Vector, Vectors = new() { Dim = 2, Bfloat16Vector = ByteString.CopyFrom(1, 2, 3, 4) } }, "announced as Float16Vector, but its data is BFloat16Vector"),
            (new() { FieldName = "f1", Type = Type.SparseFloatVector, Vectors = new() { SparseFloatVector = new() { Contents = { ByteString.CopyFrom(1) } } } }, "row 0"),
            (new() { FieldName = "f1", Type = Type.FloatVector, ValidData = { true, false }, Vectors = new() { Dim = 1, FloatVector = new() { Data = { 1 } } } }, "vector type not support null, field f1, row 1"),
            (Tags(new ScalarField { StringData = new() }), "the array in row 0 of field tags has elements of Int8, but its data is Text"),
        ];
        foreach (var (data, part) in wrong)
        {
            var failure = Read(data, Schema).Failure!;
            Assert.Equal(FailureCode.InvalidParameter, failure.Code);
            Assert.Contains(part, failure.Sentence, StringComparison.Ordinal);
            Assert.Contains(data.FieldName, failure.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_not_built_says_so_by_name()
    {
        FieldData[] beyond =
        [
            new() { FieldName = "f1", Type = Type.ArrayOfStruct, StructArrays = new() },
            new() { FieldName = "f1", Type = Type.Geometry, Scalars = new() { GeometryWktData = new() } },
            new() { FieldName = "f1", Type = Type.Timestamptz, Scalars = new() { StringData = new() } },
            new() { FieldName = "f1", Type = Type.ArrayOfVector, Vectors = new() { VectorArray = new() } },
        ];
        foreach (var data in beyond)
        {
            var failure = Read(data, Schema).Failure!;
            Assert.Equal(FailureCode.Unimplemented, failure.Code);
            Assert.Contains("f1", failure.Sentence, StringComparison.Ordinal);
        }
    }

    /// <summary>Through the bytes, as it comes.</summary>
    private static Result<ClientColumn> Read(FieldData data, Primitives.CollectionSchema schema)
    {
        var raw = RawMutations.ReadInsert(new Protocol.InsertRequest { FieldsData = { data } }.ToByteArray()).Value;
        return FieldDataReading.Read(raw.Fields[0], schema);
    }

    private static FieldData Floats(long dimension, params float[] values) =>
        new() { FieldName = "f1", Type = Type.FloatVector, Vectors = new() { Dim = dimension, FloatVector = new() { Data = { values } } } };

    private static FieldData Tags(params ScalarField[] rows) =>
        new() { FieldName = "tags", Type = Type.Array, Scalars = new() { ArrayData = new() { ElementType = Type.Int8, Data = { rows } } } };

    private static IEnumerable<ColumnBlock> Columns()
    {
        yield return new ColumnBuilder(Primitives.DataType.Bool).Append((byte)1).Append((byte)0).Build();
        yield return new ColumnBuilder(Primitives.DataType.Int8).Append((sbyte)-5).AppendNull().Build();
        yield return new ColumnBuilder(Primitives.DataType.Int16).Append((short)-5).AppendNull().Append(short.MaxValue).Build();
        yield return new ColumnBuilder(Primitives.DataType.Int32).Append(-5).Append(6).Build();
        yield return new ColumnBuilder(Primitives.DataType.Int64).AppendNull().Append(long.MinValue).Build();
        yield return new ColumnBuilder(Primitives.DataType.Float).Append(1.5f).AppendNull().Build();
        yield return new ColumnBuilder(Primitives.DataType.Double).Append(0.1).Append(double.MaxValue).Build();
        yield return new ColumnBuilder(Primitives.DataType.VarChar).AppendText("ä").AppendNull().AppendText("").Build();
        yield return new ColumnBuilder(Primitives.DataType.Json).AppendText("{\"a\":[1]}").AppendNull().Build();
        yield return new ColumnBuilder(Primitives.DataType.Array, Primitives.DataType.Bool).Append([1, 0, 1]).AppendNull().Append([]).Build();
        yield return new ColumnBuilder(Primitives.DataType.Array, Primitives.DataType.Int16).Append([1, 0, 255, 255]).Build();
        yield return new ColumnBuilder(Primitives.DataType.Array, Primitives.DataType.Int64).Append([1, 0, 0, 0, 0, 0, 0, 128]).Build();
        yield return new ColumnBuilder(Primitives.DataType.Array, Primitives.DataType.Float).Append([0, 0, 128, 63]).Build();
        yield return new ColumnBuilder(Primitives.DataType.Array, Primitives.DataType.Double).Append([0, 0, 0, 0, 0, 0, 240, 63]).Build();
        yield return new ColumnBuilder(Primitives.DataType.Array, Primitives.DataType.VarChar).Append([1, 0, 0, 0, (byte)'x', 0, 0, 0, 0]).AppendNull().Build();
        yield return new ColumnBuilder(Primitives.DataType.FloatVector, dimension: 2).Append([0, 0, 128, 63, 0, 0, 0, 64]).Append(new byte[8]).Build();
        yield return new ColumnBuilder(Primitives.DataType.Float16Vector, dimension: 2).Append([1, 2, 3, 4]).Build();
        yield return new ColumnBuilder(Primitives.DataType.BFloat16Vector, dimension: 2).Append([1, 2, 3, 4]).Build();
        yield return new ColumnBuilder(Primitives.DataType.Int8Vector, dimension: 3).Append([1, 2, 255]).Build();
        yield return new ColumnBuilder(Primitives.DataType.BinaryVector, dimension: 16).Append([1, 2]).Append([3, 4]).Build();
        yield return new ColumnBuilder(Primitives.DataType.SparseFloatVector).Append([5, 0, 0, 0, 0, 0, 128, 63]).Append([]).Build();
    }
}
