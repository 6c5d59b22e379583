using Elanus.Primitives;

namespace Elanus.Engine.Tests;

public class DataRecordCodecTests
{
    public static TheoryData<DataRecord> Records => new()
    {
        Sample.Created(),
        new SchemaChanged(Sample.Collection, Sample.Schema(textKey: true) with { Version = 4 }),
        new PartitionCreated(Sample.Collection, new(99)),
        new PartitionDropped(Sample.Collection, new(99)),
        new CollectionDropped(Sample.Collection),
        new Truncated(Sample.Collection),
        new Seal(Sample.Collection, [new(1), new(-2)], [Sample.P2]),
        Seal.All(Sample.Collection),
        new Publish(Sample.Collection, new(77), new("004d-1-ab.cols", 1234, 0xfedcba9876543210)),
        new Compact(Sample.Collection, [new(77), new(78)], new(0xfedcba9876543210)),
        new Drop(default, [new(new(77), "004d-1-ab.cols"), new(new(78), "x")]),
        Sample.Upsert(Sample.P1, (1, 10), (2, 21), (3, 33)),
        Sample.DeleteIn(Sample.P1, 4, 5),
        AllTypes(),
        Sample.Upsert(Sample.P1, (1, 10)) with { Request = Request },
        new Write(Sample.Collection, 1, null, []) { Request = Request },
    };

    private static RequestMark Request => new(new(1, ulong.MaxValue), 3, 4, 5, 6);

    [Theory]
    [MemberData(nameof(Records))]
    public void What_is_decoded_encodes_to_the_same_bytes(DataRecord record)
    {
        var encoded = DataRecordCodec.Encode(record);
        var bytes = encoded.ToArray();
        var decoded = DataRecordCodec.Decode(encoded.Kind, bytes);

        Assert.Equal(record.GetType(), decoded.GetType());
        Assert.Equal(record.Collection, decoded.Collection);
        Assert.Equal(bytes, DataRecordCodec.Encode(decoded).ToArray());
        Assert.Equal(encoded.Length, bytes.Length);
    }

    [Fact]
    public void The_request_of_a_write_is_read_without_its_rows()
    {
        Assert.Equal(Request, DataRecordCodec.RequestOf(DataRecordCodec.Encode(Sample.Upsert(Sample.P1, (1, 10)) with { Request = Request }).ToArray()));
        Assert.Null(DataRecordCodec.RequestOf(DataRecordCodec.Encode(Sample.Upsert(Sample.P1, (1, 10))).ToArray()));
    }

    [Fact]
    public void A_write_comes_back_with_its_values()
    {
        var write = Sample.Upsert(Sample.P2, (1, 10), (2, 21));
        var decoded = (Write)DataRecordCodec.Decode(DataRecordKinds.Write, DataRecordCodec.Encode(write).ToArray());

        var group = Assert.Single(decoded.Inserts);
        Assert.Equal(Sample.P2, group.Partition);
        Assert.Equal([10, 21], group.Rows.Find(Sample.Number)!.As<int>().ToArray());
        Assert.False(group.Rows.Find(Sample.Text)!.IsValid(0));
        Assert.Equal("t0"u8.ToArray(), group.Rows.Find(Sample.Text)!.Bytes(1).ToArray());
        Assert.Equal(Sample.VectorOf(21), System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(group.Rows.Find(Sample.Vector)!.Bytes(1)).ToArray());
        Assert.Equal([1L, 2L], decoded.Deletes!.Keys.As<long>().ToArray());
    }

    [Fact]
    public void Large_columns_are_referenced_and_start_aligned()
    {
        var vectors = new HeapColumn(DataType.FloatVector, DataType.None, 64, 100, new byte[100 * 256], default, default);
        var keys = new HeapColumn(DataType.Int64, DataType.None, 0, 100, new byte[800], default, default);
        var encoded = DataRecordCodec.Encode(new Write(Sample.Collection, 1, null, [new(0, Sample.P1, new(100, [new(new(1), keys), new(new(2), vectors)]))]));

        var at = 0;
        var referenced = false;
        foreach (var piece in encoded.Payload)
        {
            if (piece.Equals(vectors.ValueMemory))
            {
                referenced = true;
                Assert.Equal(0, at % 8);
            }

            at += piece.Length;
        }

        Assert.True(referenced);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void A_damaged_payload_is_refused_or_still_a_record_and_nothing_else(DataRecord record)
    {
        var encoded = DataRecordCodec.Encode(record);
        var whole = encoded.ToArray();
        var random = new Random(5);
        for (var length = 0; length < whole.Length; length += 1 + (whole.Length / 200))
        {
            var cut = whole[..length];
            Assert.Throws<RecordCorruptException>(() => DataRecordCodec.Decode(encoded.Kind, cut));
        }

        for (var round = 0; round < 800; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                Touch(DataRecordCodec.Decode(encoded.Kind, bytes));
            }
            catch (RecordCorruptException)
            {
            }
        }
    }

    [Fact]
    public void A_kind_that_does_not_exist_is_refused() =>
        Assert.Throws<RecordCorruptException>(() => DataRecordCodec.Decode(0x01FE, DataRecordCodec.Encode(new Truncated(Sample.Collection)).ToArray()));

    /// <summary>Reads every value, as a reader would that trusts the decoder.</summary>
    private static void Touch(DataRecord record)
    {
        if (record is not Write write)
        {
            return;
        }

        foreach (var column in write.Inserts.SelectMany(g => g.Rows.Columns.Select(c => c.Values)).Append(write.Deletes?.Keys).OfType<ColumnBlock>())
        {
            var bytes = 0;
            for (var row = 0; row < column.Rows; row++)
            {
                bytes += column.Bytes(row).Length + (column.IsValid(row) ? 1 : 0);
            }

            Assert.True(bytes >= 0);
        }
    }

    private static Write AllTypes()
    {
        FieldColumn Of(long id, ColumnBuilder builder) => new(new(id), builder.Build());
        var rows = new RowBatch(2,
        [
            Of(1, new ColumnBuilder(DataType.Bool).Append((byte)1).AppendNull()),
            Of(2, new ColumnBuilder(DataType.Int8).Append((sbyte)1).Append((sbyte)-1)),
            Of(3, new ColumnBuilder(DataType.Int16).Append((short)1).Append((short)-1)),
            Of(4, new ColumnBuilder(DataType.Float).Append(1f).Append(-1f)),
            Of(5, new ColumnBuilder(DataType.Double).Append(1d).Append(-1d)),
            Of(6, new ColumnBuilder(DataType.Json).AppendText("{\"a\":1}").AppendNull()),
            Of(7, new ColumnBuilder(DataType.Array, DataType.Int32).Append([1, 0, 0, 0, 2, 0, 0, 0]).Append(ReadOnlySpan<byte>.Empty)),
            Of(8, new ColumnBuilder(DataType.Array, DataType.VarChar).Append([1, 0, 0, 0, 65]).Append([0, 0, 0, 0, 2, 0, 0, 0, 66, 67])),
            Of(9, new ColumnBuilder(DataType.SparseFloatVector).Append([1, 0, 0, 0, 0, 0, 128, 63, 9, 0, 0, 0, 0, 0, 0, 64]).Append(ReadOnlySpan<byte>.Empty)),
            Of(10, new ColumnBuilder(DataType.BinaryVector, dimension: 16).Append([1, 2]).Append([3, 4])),
            Of(11, new ColumnBuilder(DataType.BFloat16Vector, dimension: 2).Append([1, 2, 3, 4]).Append([3, 4, 5, 6])),
            Of(12, new ColumnBuilder(DataType.Int8Vector, dimension: 3).Append([1, 2, 3]).Append([4, 5, 6])),
        ]);
        return new(Sample.Collection, 2, null, [new(0, Sample.P1, rows), new(1, Sample.P2, rows)]);
    }
}
