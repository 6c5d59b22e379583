using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine.Tests;

/// <summary>Native memory goes when its last reader does, and not before.</summary>
public class MemoryTests
{
    public static TheoryData<DataRecord> Endings => new()
    {
        new CollectionDropped(Sample.Collection),
        new Truncated(Sample.Collection),
        new PartitionDropped(Sample.Collection, Sample.P1),
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Rows_that_went_are_freed_when_the_last_view_of_them_ends(DataRecord ending)
    {
        await using var node = new Node().Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10)))
            .Apply(Seal.All(Sample.Collection)).Apply(Sample.Insert(Sample.P1, (2, 20)));
        var first = node.Open();
        var second = node.Open();
        var stores = Stores(first);
        Assert.Equal([typeof(PackedRows), typeof(GrowingRows)], stores.Select(s => s.GetType()));

        node.Apply(ending);
        first.Dispose();
        first.Dispose();
        Assert.All(stores, s => Assert.False(s.IsFreed));
        Assert.Equal(2, (await Node.Rows(second)).Count);
        second.Dispose();
        Assert.All(stores, s => Assert.True(s.IsFreed));
    }

    [Fact]
    public async Task Growing_rows_are_freed_once_packed()
    {
        var work = new ManualWork();
        await using var node = new Node(work).Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10)));
        ImmutableArray<RowStore> stores;
        using (var view = node.Open())
        {
            stores = Stores(view);
            node.Apply(Seal.All(Sample.Collection));
            work.RunAll();
            Assert.False(stores[0].IsFreed);
        }

        Assert.True(stores[0].IsFreed);
        Assert.Equal([(1, 10)], await node.Rows());
    }

    [Fact]
    public async Task Packing_a_segment_that_was_dropped_meanwhile_keeps_nothing()
    {
        var work = new ManualWork();
        await using var node = new Node(work).Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10)));
        ImmutableArray<RowStore> stores;
        using (var view = node.Open())
        {
            stores = Stores(view);
        }

        node.Apply(Seal.All(Sample.Collection)).Apply(new Truncated(Sample.Collection));
        Assert.False(stores[0].IsFreed);
        work.RunAll();
        Assert.True(stores[0].IsFreed);
        Assert.Empty(node.Collection.Statistics().Segments);
    }

    [Fact]
    public async Task Disposing_the_state_frees_all_and_waits_for_what_is_being_built()
    {
        var work = new ManualWork();
        var node = new Node(work).Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10))).Apply(Seal.All(Sample.Collection)).Apply(Sample.Insert(Sample.P1, (2, 10)));
        ImmutableArray<RowStore> stores;
        using (var view = node.Open())
        {
            stores = Stores(view);
        }

        var disposing = node.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        work.RunAll();
        await disposing;
        Assert.All(stores, s => Assert.True(s.IsFreed));
    }

    [Fact]
    public async Task A_packed_segment_of_wide_vectors_costs_little_more_than_them()
    {
        const int rows = 20_000, dimension = 128;
        await using var node = new Node();
        var schema = Sample.Schema();
        schema = schema with { Fields = [schema.Fields[0], schema.Fields[3] with { Dimension = dimension }] };
        node.Apply(Sample.Created() with { Schema = schema });
        var keys = new ColumnBuilder(DataType.Int64, capacityRows: rows);
        var random = new Random(1);
        for (var i = 0; i < rows; i++)
        {
            keys.Append(random.NextInt64());
        }

        var vectors = new HeapColumn(DataType.FloatVector, DataType.None, dimension, rows, new byte[rows * dimension * 4], default, default);
        node.Apply(new Write(Sample.Collection, 1, null, [new(0, Sample.P1, new(rows, [new(Sample.Key, keys.Build()), new(Sample.Vector, vectors)]))]));
        node.Apply(Seal.All(Sample.Collection));

        var segment = Assert.Single(node.Collection.Statistics().Segments);
        Assert.InRange(segment.Bytes / (double)(rows * dimension * 4), 1.0, 1.06);
    }

    private static ImmutableArray<RowStore> Stores(CollectionView view) => [.. view.Parts.Select(p => p.Store)];
}
