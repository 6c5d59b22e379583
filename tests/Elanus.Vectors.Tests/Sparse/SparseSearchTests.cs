using System.Runtime.InteropServices;
using Elanus.Primitives;
using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Vectors.Tests;

/// <summary>The scan and the inverted index find what a plain merge of sorted pairs finds, to the bit.</summary>
public unsafe class SparseSearchTests
{
    [Fact]
    public void Scan_and_index_find_what_a_plain_loop_finds() =>
        Prop.ForAll(
            Gen.Choose(0, 400).Zip(Gen.Choose(0, 30)).Zip(Gen.Choose(0, 1000)).ToArbitrary(),
            draw =>
            {
                var ((count, k), seed) = draw;
                using var rows = new SampleSparse(count, terms: 200, mostPairs: 40, seed);
                using var queries = new SampleSparse(5, terms: 220, mostPairs: 30, seed + 1);
                var request = Request(rows, k, seed);
                var cut = count / 3;
                SparseBlock[] blocks = [rows.Part(0, cut), rows.Part(cut, count - cut)];
                using var index = SparseIndex.Build(blocks, CancellationToken.None);
                var scanned = SparseSearch.Search(blocks, queries.AsQueries(), request, CancellationToken.None);
                var indexed = index.Search(queries.AsQueries(), request, CancellationToken.None);
                for (var q = 0; q < queries.Count; q++)
                {
                    var expected = Expected(rows, queries.Row(q), request);
                    Assert.Equal(expected, scanned[q]);
                    Assert.Equal(expected, indexed[q]);
                }
            })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void An_index_over_several_windows_agrees_with_the_scan()
    {
        using var rows = new SampleSparse(80_000, terms: 500, mostPairs: 6, seed: 3);
        using var queries = new SampleSparse(20, terms: 500, mostPairs: 30, seed: 4);
        using var index = SparseIndex.Build([rows.Block], CancellationToken.None);
        var request = new SearchRequest { K = 200, Allowed = BuiltGraph.EveryNth(rows.Count, 3) };
        Assert.Equal(
            SparseSearch.Search([rows.Block], queries.AsQueries(), request, CancellationToken.None),
            index.Search(queries.AsQueries(), request, CancellationToken.None));
    }

    [Fact]
    public void An_index_read_answers_as_the_one_written_and_flipped_bits_are_refused()
    {
        using var rows = new SampleSparse(300, terms: 100, mostPairs: 20, seed: 3);
        using var built = SparseIndex.Build([rows.Block], CancellationToken.None);
        using var stream = new MemoryStream();
        built.Write(stream);
        var image = stream.ToArray();
        Assert.Equal(built.Bytes, image.Length);
        var request = new SearchRequest { K = 7 };
        using (var read = SparseIndex.Read(new MemoryStream(image), image.Length, 300).Value)
        {
            Assert.Equal(
                built.Search(rows.AsQueries(), request, CancellationToken.None),
                read.Search(rows.AsQueries(), request, CancellationToken.None));
        }

        Assert.Contains("other vectors", Failure(image, 301), StringComparison.Ordinal);
        Assert.Contains("no usable sparse index", Failure(image[..^1], 300), StringComparison.Ordinal);
        var random = new Random(5);
        foreach (var bit in Enumerable.Range(0, SparseHeader.Bytes * 8).Concat(Enumerable.Range(0, 300).Select(_ => random.Next(image.Length * 8))))
        {
            image[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.Contains("no usable sparse index", Failure(image, 300), StringComparison.Ordinal);
            image[bit >> 3] ^= (byte)(1 << (bit & 7));
        }
    }

    [Fact]
    public void Faults_of_a_vector_are_named()
    {
        Assert.Null(SparseVector.Fault([]));
        Assert.Null(SparseVector.Fault(Vector((1, 2f), (5, -1f))));
        Assert.Contains("not a multiple", SparseVector.Fault(new byte[7]), StringComparison.Ordinal);
        Assert.Contains("stands behind", SparseVector.Fault(Vector((5, 2f), (5, 1f))), StringComparison.Ordinal);
        Assert.Contains("too large", SparseVector.Fault(Vector((uint.MaxValue, 2f))), StringComparison.Ordinal);
        Assert.Contains("not a finite", SparseVector.Fault(Vector((0, float.NaN))), StringComparison.Ordinal);
    }

    private static string Failure(byte[] image, int rows) =>
        SparseIndex.Read(new MemoryStream(image), image.Length, rows).Failure?.Sentence ?? "accepted";

    private static byte[] Vector(params (uint Index, float Value)[] pairs) => MemoryMarshal.AsBytes(pairs.AsSpan()).ToArray();

    private static SearchRequest Request(SampleSparse rows, int k, int seed)
    {
        var request = new SearchRequest { K = k };
        if (seed % 2 == 0)
        {
            request = request with { Allowed = BuiltGraph.EveryNth(rows.Count, 2) };
        }

        return seed % 3 == 0 ? request with { Radius = 0.1f, RangeFilter = 1.5f } : request;
    }

    private static Hit[] Expected(SampleSparse rows, ReadOnlySpan<byte> query, SearchRequest request)
    {
        var hits = new List<Hit>();
        for (var row = 0; row < rows.Count; row++)
        {
            var score = 0f;
            foreach (var q in SparseVector.Pairs(query))
            {
                foreach (var r in SparseVector.Pairs(rows.Row(row)))
                {
                    if (q.Index == r.Index)
                    {
                        score = MathF.FusedMultiplyAdd(q.Value, r.Value, score);
                    }
                }
            }

            if (score > (request.Radius ?? 0f) && score <= (request.RangeFilter ?? float.MaxValue) && request.Allowed?[row] != false)
            {
                hits.Add(new(row, score));
            }
        }

        return [.. hits.OrderByDescending(h => h.Score).ThenBy(h => h.Row).Take(request.K)];
    }
}
