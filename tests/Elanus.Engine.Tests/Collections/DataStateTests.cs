using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine.Tests;

public class DataStateTests
{
    [Fact]
    public async Task Rows_come_back_in_order_of_key_and_under_a_limit_the_lowest()
    {
        await using var node = new Node().Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (5, 50), (1, 10))).Apply(Sample.Insert(Sample.P2, (3, 30)));

        Assert.Equal([(1, 10), (3, 30), (5, 50)], await node.Rows());
        Assert.Equal([(1, 10), (3, 30)], await node.Rows(limit: 2));
        Assert.Equal([(3, 30), (5, 50)], await node.Rows(limit: 2, offset: 1));
        Assert.Equal([], await node.Rows(limit: 2, offset: 9));
        Assert.Equal([(3, 30)], await node.Rows(only: Sample.P2));
        Assert.Equal([(5, 50)], await node.Rows("number > 30"));
        Assert.Equal([(1, 10), (5, 50)], await node.Rows("id in [1, 5, 99]"));
    }

    [Fact]
    public async Task A_key_inserted_twice_counts_twice_and_is_answered_once()
    {
        await using var node = new Node().Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10), (2, 20))).Apply(Sample.Insert(Sample.P1, (1, 11)));

        Assert.Equal([(1, 11), (2, 20)], await node.Rows());
        Assert.Equal(3, await node.Count());
        Assert.Equal(2, await node.Count("id == 1"));
        Assert.Equal([], await node.Rows("number == 10"));
        node.Apply(Sample.Delete(1));
        Assert.Equal(1, await node.Count());
    }

    [Fact]
    public async Task An_upsert_replaces_and_a_delete_kills_only_what_was_before()
    {
        await using var node = new Node().Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10), (2, 20)));
        node.Apply(Sample.Upsert(Sample.P2, (1, 12))).Apply(Sample.Delete(2)).Apply(Sample.Insert(Sample.P1, (2, 22)));

        Assert.Equal([(1, 12), (2, 22)], await node.Rows());
        Assert.Equal(2, await node.Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_in_two_partitions_answers_each_partition_s_newest(bool seal)
    {
        await using var node = new Node().Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10))).Apply(Sample.Insert(Sample.P2, (1, 20)));
        if (seal)
        {
            node.Apply(Seal.All(Sample.Collection));
        }

        Assert.Equal([(1, 20)], await node.Rows());
        Assert.Equal([(1, 10)], await node.Rows(only: Sample.P1));
        Assert.Equal([(1, 20)], await node.Rows(only: [Sample.P1, Sample.P2]));

        node.Apply(Sample.DeleteIn(Sample.P2, 1));
        Assert.Equal([(1, 10)], await node.Rows());

        node.Apply(Sample.Insert(Sample.P2, (1, 21))).Apply(new PartitionDropped(Sample.Collection, Sample.P2));
        Assert.Equal([(1, 10)], await node.Rows());
        Assert.Equal(FailureCode.PartitionNotFound, node.Collection.OpenView([Sample.P2]).Failure!.Code);
    }

    [Fact]
    public async Task A_view_stays_as_it_was_opened()
    {
        await using var node = new Node().Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10), (2, 20)));
        using var view = node.Open();
        node.Apply(Sample.Upsert(Sample.P1, (1, 11))).Apply(Sample.Delete(2)).Apply(Seal.All(Sample.Collection)).Apply(new Truncated(Sample.Collection));

        Assert.Equal([(1, 10), (2, 20)], await Node.Rows(view));
        Assert.Equal([], await node.Rows());
        node.Apply(new CollectionDropped(Sample.Collection));
        Assert.Equal([(1, 10), (2, 20)], await Node.Rows(view));
        Assert.Null(node.State.Find(Sample.Collection));
    }

    [Fact]
    public async Task Rows_older_than_a_field_answer_its_default_or_null()
    {
        await using var node = new Node().Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10)));
        var schema = Sample.Schema() with { Version = 2 };
        schema = schema with
        {
            Fields = schema.Fields
                .Add(new() { Id = new(104), Name = "late", Type = DataType.Int64, Default = FieldValue.Of(42) })
                .Add(new() { Id = new(105), Name = "maybe", Type = DataType.Double, Nullable = true }),
        };
        node.Apply(new SchemaChanged(Sample.Collection, schema)).Apply(Sample.Insert(Sample.P1, (2, 20)));

        using var view = node.Open();
        var filter = Elanus.Expressions.ExpressionCompiler.Compile("late == 42 and maybe is null", schema).Value;
        var rows = (await view.Query(new() { Filter = filter, Output = [new(104), new(105)] }, CancellationToken.None)).Value;
        Assert.Equal([1L, 2L], Node.Keys(rows.Keys));
        Assert.Equal([42L, 42L], rows.Fields.Find(new(104))!.As<long>().ToArray());
        Assert.False(rows.Fields.Find(new(105))!.IsValid(0));
        Assert.Equal(2, node.Collection.Statistics().Segments.Length);
    }

    [Fact]
    public async Task Segments_keep_their_id_when_sealed_and_are_numbered_by_the_log()
    {
        await using var node = new Node().Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10)));
        var id = Assert.Single(node.Collection.Statistics().Segments).Id;
        Assert.Equal((3L << 54) | (2L << 14), id.Value);

        node.Apply(new Seal(Sample.Collection, [id], [])).Apply(Sample.Insert(Sample.P1, (2, 20)));
        var segments = node.Collection.Statistics().Segments;
        Assert.Equal([(id, true), (new SegmentId((3L << 54) | (4L << 14)), false)], segments.Select(s => (s.Id, s.IsSealed)));
    }

    [Fact]
    public async Task A_segment_ends_before_a_column_passes_its_bound()
    {
        await using var node = new Node(options: new() { SegmentBytesMax = 64 }).Apply(Sample.Created());
        node.Apply(Sample.Insert(Sample.P1, (1, 1), (2, 2), (3, 3))).Apply(Sample.Insert(Sample.P1, (4, 4), (1, 5)));

        var segments = node.Collection.Statistics().Segments;
        Assert.Equal([(3, true), (2, false)], segments.Select(s => (s.Rows, s.IsSealed)));
        Assert.Equal([(1, 5), (2, 2), (3, 3), (4, 4)], await node.Rows());
    }

    [Fact]
    public async Task Nearest_rows_come_first_and_ties_in_order_of_key()
    {
        await using var node = new Node().Apply(Sample.Created());
        node.Apply(Sample.Insert(Sample.P1, (9, 0), (8, 0), (7, 1), (6, 0))).Apply(Seal.All(Sample.Collection)).Apply(Sample.Insert(Sample.P2, (5, 0), (4, 2)));

        Assert.Equal([(5, 0f), (6, 0f)], await node.Search([0, 0, 0, 0], 2));
        Assert.Equal([(5, 0f), (6, 0f), (8, 0f), (9, 0f), (7, 1f), (4, 4f)], await node.Search([0, 0, 0, 0], 10));
        Assert.Equal([(4, 2f), (7, 1f)], await node.Search([1, 0, 0, 0], 2, MetricType.Ip));
        Assert.Equal([(8, 0f)], await node.Search([0, 0, 0, 0], 1, filter: "id > 6"));
        Assert.Equal([(5, 0f)], await node.Search([0, 0, 0, 0], 1, only: Sample.P2));
        node.Apply(Sample.Delete(5)).Apply(Sample.Upsert(Sample.P1, (6, 2)));
        Assert.Equal([(8, 0f), (9, 0f), (7, 1f)], await node.Search([0, 0, 0, 0], 3));
    }

    [Fact]
    public async Task Damaged_or_contradicting_records_change_nothing()
    {
        await using var node = new Node().Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10)));
        var before = node.State.Hash();
        Assert.Throws<RecordCorruptException>(() => node.Apply(Sample.Created()));
        Assert.Throws<RecordCorruptException>(() => node.Apply(new Write(Sample.Collection, 1, new(Sample.Keys(true, 1), []), [])));
        Assert.Throws<RecordCorruptException>(() => node.Apply(new Write(Sample.Collection, 1, null, [new(4, Sample.P1, Sample.Batch(false, (2, 2)))])));
        Assert.Throws<RecordCorruptException>(() => node.Apply(
            new Write(Sample.Collection, 1, null, [new(0, Sample.P1, new(1, [new(Sample.Key, Sample.Keys(false, 1))]))])));
        Assert.Equal(before, node.State.Hash());
        node.Apply(new Write(new(99), 1, null, [])).Apply(new Truncated(new(99)));
        Assert.Equal(before, node.State.Hash());
    }
}
