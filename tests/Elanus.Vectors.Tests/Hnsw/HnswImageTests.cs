using Elanus.Primitives;

namespace Elanus.Vectors.Tests;

public unsafe class HnswImageTests
{
    private static readonly VectorSpace Space = Spaces.Of(DataType.FloatVector, 12, MetricType.Cosine);

    [Fact]
    public void A_graph_read_or_viewed_answers_as_the_one_that_was_written()
    {
        using var rows = Rows();
        using var built = Build(rows);
        var image = Written(built);
        Assert.Equal(built.Bytes, image.Length);
        var request = new SearchRequest { K = 10, Ef = 20 };
        var expected = built.Search(rows.Bytes[..(48 * 50)], request, CancellationToken.None);
        using var read = HnswGraph.Read(new MemoryStream(image), image.Length, Space, rows.Block).Value;
        Assert.Equal(expected, read.Search(rows.Bytes[..(48 * 50)], request, CancellationToken.None));
        using var memory = new AlignedMemory(image.Length);
        image.CopyTo(memory.Span(0, image.Length));
        using var viewed = HnswGraph.View(memory.Pointer, image.Length, Space, rows.Block).Value;
        Assert.Equal(expected, viewed.Search(rows.Bytes[..(48 * 50)], request, CancellationToken.None));
    }

    [Fact]
    public void Every_flipped_bit_is_refused()
    {
        using var rows = Rows();
        using var built = Build(rows);
        var image = Written(built);
        var random = new Random(1);
        var bits = Enumerable.Range(0, HnswHeader.Bytes * 8)
            .Concat(Enumerable.Range(0, 500).Select(_ => random.Next(image.Length * 8)))
            .Append(image.Length * 8 - 1);
        foreach (var bit in bits)
        {
            image[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.Contains("no usable graph index", Failure(image, Space, rows.Block), StringComparison.Ordinal);
            image[bit >> 3] ^= (byte)(1 << (bit & 7));
        }
    }

    [Fact]
    public void A_cut_image_is_refused()
    {
        using var rows = Rows();
        using var built = Build(rows);
        var image = Written(built);
        foreach (var length in new[] { 0, 10, HnswHeader.Bytes, image.Length / 2, image.Length - 1 })
        {
            Assert.Contains("no usable graph index", Failure(image[..length], Space, rows.Block), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_image_of_other_vectors_is_refused()
    {
        using var rows = Rows();
        using var built = Build(rows);
        var image = Written(built);
        Assert.Contains("other vectors", Failure(image, Spaces.Of(DataType.FloatVector, 12, MetricType.L2), rows.Block), StringComparison.Ordinal);
        Assert.Contains("other vectors", Failure(image, Space, new(rows.Pointer, rows.Count - 1)), StringComparison.Ordinal);
    }

    private static SampleRows Rows() => new(DataType.FloatVector, 12, 2500, seed: 8, clusters: 30);

    private static HnswGraph Build(SampleRows rows) =>
        HnswGraph.Build(Space, rows.Block, HnswParameters.Create(m: 4, efConstruction: 30).Value, null, CancellationToken.None);

    private static byte[] Written(HnswGraph graph)
    {
        using var stream = new MemoryStream();
        graph.Write(stream);
        return stream.ToArray();
    }

    private static string Failure(byte[] image, VectorSpace space, VectorBlock block) =>
        HnswGraph.Read(new MemoryStream(image), image.Length, space, block).Failure?.Sentence ?? "accepted";
}
