using System.Runtime.InteropServices;
using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine.Tests;

public class IndexBuildTests
{
    private const int Rows = 3000;
    private const int Dimension = 16;

    private static readonly IndexDefinition Graph = new()
    {
        Id = new(500), Field = Sample.Vector, Kind = IndexKind.Hnsw, Metric = MetricType.L2, M = 8, EfConstruction = 60,
    };

    [Fact]
    public async Task A_sealed_segment_gets_its_index_and_answers_as_before()
    {
        var work = new ManualWork();
        await using var node = Wide(work);
        var exact = await Search(node);
        node.Collection.SetIndexes([Graph]);
        Assert.Equal(new IndexProgress(Rows, Rows, null), node.Collection.Progress(Graph.Id));

        node.Apply(Seal.All(Sample.Collection));
        Assert.Equal(new IndexProgress(0, Rows, null), node.Collection.Progress(Graph.Id));
        Assert.Equal(exact, await Search(node));
        work.RunAll();
        Assert.Equal(new IndexProgress(Rows, Rows, null), node.Collection.Progress(Graph.Id));
        Assert.Equal(Graph.Id, Assert.Single(node.Collection.Statistics().Segments[0].Indexes));
        Assert.True(exact.Intersect(await Search(node)).Count() >= 9);

        node.Apply(Sample.Delete(exact[0].Key));
        Assert.DoesNotContain(exact[0], await Search(node));
    }

    [Fact]
    public async Task An_index_that_is_dropped_lives_until_its_last_view_ends()
    {
        await using var node = Wide(new InlineWork()).Apply(Seal.All(Sample.Collection));
        node.Collection.SetIndexes([Graph]);
        var view = node.Open();
        var index = Assert.Single(view.Parts.Single().State.Indexes);
        node.Collection.SetIndexes([]);
        Assert.False(index.IsFreed);
        Assert.Null(node.Collection.Progress(Graph.Id));
        Assert.Empty(node.Collection.Statistics().Segments[0].Indexes);
        view.Dispose();
        Assert.True(index.IsFreed);
        using var after = node.Open();
        Assert.False(after.Parts.Single().Store.IsFreed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_build_ends_when_the_definition_or_the_rows_go(bool rowsGo)
    {
        var work = new ManualWork();
        await using var node = Wide(work).Apply(Seal.All(Sample.Collection));
        work.RunAll();
        node.Collection.SetIndexes([Graph]);
        Assert.Equal(1, work.Waiting);
        var build = work.Cancellation;
        if (rowsGo)
        {
            node.Apply(new Truncated(Sample.Collection));
        }
        else
        {
            node.Collection.SetIndexes([Graph with { Kind = IndexKind.Flat }]);
        }

        Assert.True(build.IsCancellationRequested);
        work.RunAll();
        Assert.True(node.Collection.Progress(Graph.Id)!.IsComplete);
        Assert.All(node.Collection.Statistics().Segments, s => Assert.Empty(s.Indexes));
    }

    [Fact]
    public async Task A_build_that_fails_is_shown_and_rows_are_scanned()
    {
        await using var node = Wide(new InlineWork()).Apply(Seal.All(Sample.Collection));
        node.Collection.SetIndexes([Graph with { Metric = MetricType.Hamming }, Graph with { Id = new(501), M = 1 }]);

        Assert.Contains("Hamming", node.Collection.Progress(Graph.Id)!.Fault, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("M 1 is out of range", node.Collection.Progress(new(501))!.Fault, StringComparison.Ordinal);
        Assert.False(node.Collection.Progress(Graph.Id)!.IsComplete);
        Assert.Equal(10, (await Search(node)).Count);
    }

    [Fact]
    public async Task A_build_that_ran_out_of_memory_is_tried_again_and_one_that_can_never_be_is_not()
    {
        var work = new ShortOfMemory();
        await using var node = Wide(work).Apply(Seal.All(Sample.Collection));
        work.IsShort = true;
        var never = Graph with { Id = new(501), M = 1 };
        node.Collection.SetIndexes([Graph]);
        Assert.Contains(nameof(InsufficientMemoryException), node.Collection.Progress(Graph.Id)!.Fault, StringComparison.Ordinal);
        work.IsShort = false;
        node.Collection.SetIndexes([Graph, never]);
        Assert.Contains(nameof(InsufficientMemoryException), node.Collection.Progress(Graph.Id)!.Fault, StringComparison.Ordinal);
        var pieces = work.Pieces;
        node.State.RetryFiles();
        Assert.Equal(new IndexProgress(Rows, Rows, null), node.Collection.Progress(Graph.Id));
        Assert.Contains("M 1 is out of range", node.Collection.Progress(never.Id)!.Fault, StringComparison.Ordinal);
        Assert.Equal(pieces + 1, work.Pieces);
    }

    [Fact]
    public async Task Small_segments_and_fields_not_there_yet_need_no_build()
    {
        await using var node = new Node().Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 1))).Apply(Seal.All(Sample.Collection));
        node.Collection.SetIndexes([Graph, Graph with { Id = new(501), Field = new(999) }]);
        Assert.True(node.Collection.Progress(Graph.Id)!.IsComplete);
        Assert.True(node.Collection.Progress(new(501))!.IsComplete);
    }

    [Fact]
    public async Task A_large_scan_in_pieces_finds_what_one_scan_finds()
    {
        await using var whole = Wide(new PoolWork());
        await using var pieces = Wide(new PoolWork(), new() { ParallelRowsMin = 300 });
        var expected = await Search(whole);
        Assert.Equal(expected, await Search(pieces));
        pieces.Apply(Seal.All(Sample.Collection));
        Assert.Equal(expected, await Search(pieces));
    }

    private static Node Wide(IWorkScheduler work, EngineOptions? options = null)
    {
        var schema = Sample.Schema();
        schema = schema with { Fields = [schema.Fields[0], schema.Fields[3] with { Dimension = Dimension }] };
        var random = new Random(7);
        var keys = new ColumnBuilder(DataType.Int64, capacityRows: Rows);
        var vectors = new ColumnBuilder(DataType.FloatVector, dimension: Dimension, capacityRows: Rows);
        for (var row = 0; row < Rows; row++)
        {
            keys.Append((long)row);
            vectors.Append(MemoryMarshal.AsBytes(Enumerable.Range(0, Dimension).Select(_ => (float)random.NextDouble()).ToArray().AsSpan()));
        }

        var batch = new RowBatch(Rows, [new(Sample.Key, keys.Build()), new(Sample.Vector, vectors.Build())]);
        return new Node(work, options ?? new() { IndexedRowsMin = 1000 })
            .Apply(Sample.Created() with { Schema = schema }).Apply(new Write(Sample.Collection, 1, null, [new(0, Sample.P1, batch)]));
    }

    private static Task<List<(long Key, float Score)>> Search(Node node) =>
        node.Search([.. Enumerable.Range(0, Dimension).Select(i => i / (float)Dimension)], 10);

    private sealed class ShortOfMemory : IWorkScheduler
    {
        private readonly InlineWork inline = new();

        public bool IsShort { get; set; }

        public int Pieces { get; private set; }

        public int Parallelism => 1;

        public Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel)
        {
            Pieces++;
            return IsShort ? Task.FromException<T>(new InsufficientMemoryException()) : inline.Run(priority, work, cancel);
        }
    }
}
