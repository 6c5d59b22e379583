using Elanus.Primitives;
using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Vectors.Tests;

/// <summary>The exact search finds what a plain loop finds: same rows, same order, same bits.</summary>
public unsafe class FlatSearchTests
{
    [Theory]
    [MemberData(nameof(Spaces.DenseTheory), MemberType = typeof(Spaces))]
    public void Finds_what_a_plain_loop_finds(DataType type, MetricType metric) =>
        Prop.ForAll(
            Gen.Choose(1, 5).Zip(Gen.Choose(0, 600)).Zip(Gen.Choose(0, 40).Zip(Gen.Choose(0, 1000))).ToArbitrary(),
            draw =>
            {
                var ((dimension, count), (k, seed)) = draw;
                var space = Spaces.Of(type, dimension * 8, metric);
                using var rows = new SampleRows(type, space.Dimension, count, seed);
                using var queries = new SampleRows(type, space.Dimension, 3, seed + 1);
                var request = Request(space, rows, queries.Row(0), k, seed);
                var blocks = Cut(rows, seed);
                var found = FlatSearch.Search(space, blocks, queries.Bytes, request, CancellationToken.None);
                Assert.Equal(3, found.Length);
                for (var q = 0; q < found.Length; q++)
                {
                    Assert.Equal(Reference.Search(space, rows, queries.Row(q), request), found[q]);
                }
            })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Many_queries_over_a_few_tiles_end_where_they_are_cancelled(bool filtered)
    {
        const int dimension = 64;
        var space = Spaces.Of(DataType.FloatVector, dimension, MetricType.L2);
        using var rows = new SampleRows(DataType.FloatVector, dimension, 5_000, seed: 1);
        using var queries = new SampleRows(DataType.FloatVector, dimension, 16_384, seed: 2);
        var allowed = filtered ? new Bitset(5_000, set: true) : null;
        using var cancel = new CancellationTokenSource();

        // All of it takes the better part of a second. A thread of its own: the pool's timers wait where other tests keep its threads busy.
        using var begins = new ManualResetEventSlim();
        var bytes = queries.Bytes.ToArray();
        VectorBlock[] blocks = [new(rows.Pointer, 5_000)];
        var canceller = new Thread(() =>
        {
            begins.Wait();
            cancel.Cancel();
        });
        canceller.Start();
        begins.Set();
        Assert.ThrowsAny<OperationCanceledException>(() => FlatSearch.Search(space, blocks, bytes, new() { K = 10, Allowed = allowed }, cancel.Token));
        canceller.Join();
    }

    [Fact]
    public void Ties_go_to_the_smaller_row_whatever_the_order_of_blocks()
    {
        var space = Spaces.Of(DataType.FloatVector, 4, MetricType.L2);
        using var rows = new SampleRows(DataType.FloatVector, 4, 100, seed: 1);
        rows.Bytes.Clear();
        VectorBlock[] blocks = [new(rows.Pointer + 50 * rows.RowBytes, 50, 50), new(rows.Pointer, 50)];
        var found = FlatSearch.Search(space, blocks, new byte[16], new() { K = 3 }, CancellationToken.None);
        Assert.Equal([new(0, 0), new(1, 0), new(2, 0)], found[0]);
    }

    [Theory]
    [InlineData(MetricType.L2)]
    [InlineData(MetricType.Cosine)]
    public void Pages_of_strictly_worse_hits_cover_every_distinct_score_once(MetricType metric)
    {
        var space = Spaces.Of(DataType.FloatVector, 8, metric);
        using var rows = new SampleRows(DataType.FloatVector, 8, 500, seed: 5);
        var query = rows.Row(7);
        var request = new SearchRequest { K = 37 };
        var all = new List<Hit>();
        while (true)
        {
            var page = FlatSearch.Search(space, [rows.Block], query, request, CancellationToken.None)[0];
            all.AddRange(page);
            if (page.Length < request.K)
            {
                break;
            }

            request = request.WorseThan(metric, page[^1].Score);
        }

        Assert.Equal(FlatSearch.Search(space, [rows.Block], query, new() { K = 500 }, CancellationToken.None)[0], all);
    }

    [Fact]
    public void A_cosine_of_a_vector_without_length_is_zero()
    {
        var space = Spaces.Of(DataType.FloatVector, 3, MetricType.Cosine);
        using var rows = new SampleRows(DataType.FloatVector, 3, 2, seed: 1);
        rows.Row(0).Clear();
        var found = FlatSearch.Search(space, [rows.Block], new byte[12], new() { K = 5 }, CancellationToken.None)[0];
        Assert.Equal([new(0, 0), new(1, 0)], found);
    }

    [Fact]
    public void A_cancelled_search_stops()
    {
        var space = Spaces.Of(DataType.FloatVector, 8, MetricType.L2);
        using var rows = new SampleRows(DataType.FloatVector, 8, 10, seed: 5);
        var block = rows.Block;
        Assert.ThrowsAny<OperationCanceledException>(
            () => FlatSearch.Search(space, [block], new byte[32], new() { K = 1 }, new CancellationToken(canceled: true)));
    }

    /// <summary>A request with, by the seed, a filter and bounds taken from scores that occur.</summary>
    private static SearchRequest Request(VectorSpace space, SampleRows rows, ReadOnlySpan<byte> query, int k, int seed)
    {
        var request = new SearchRequest { K = k };
        var random = new Random(seed);
        if (seed % 2 == 0)
        {
            var allowed = new Bitset(rows.Count);
            var share = random.NextDouble();
            for (var row = 0; row < rows.Count; row++)
            {
                allowed[row] = random.NextDouble() < share;
            }

            request = request with { Allowed = allowed };
        }

        if (seed % 3 == 0 && rows.Count > 0)
        {
            request = request with { Radius = Reference.Score(space, query, rows.Row(random.Next(rows.Count))) };
        }

        if (seed % 5 == 0 && rows.Count > 0)
        {
            request = request with { RangeFilter = Reference.Score(space, query, rows.Row(random.Next(rows.Count))) };
        }

        return request;
    }

    private static VectorBlock[] Cut(SampleRows rows, int seed)
    {
        var random = new Random(seed + 7);
        var blocks = new List<VectorBlock>();
        for (var first = 0; first < rows.Count;)
        {
            var count = Math.Min(random.Next(1, 400), rows.Count - first);
            blocks.Add(new(rows.Pointer + (long)first * rows.RowBytes, count, first));
            first += count;
        }

        return [.. blocks];
    }
}
