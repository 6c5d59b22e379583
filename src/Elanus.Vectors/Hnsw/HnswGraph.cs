using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// A graph over the rows of one sealed segment for approximate search: Malkov and Yashunin, "Efficient and robust approximate nearest neighbor
/// search using hierarchical navigable small world graphs" (2016). It holds links (and, for floating elements, 8-bit codes to walk by); the vectors
/// stay where they are and give every score. Any thread may search, many at once; none while or after it is disposed of.
/// </summary>
public sealed unsafe class HnswGraph : IDisposable
{
    /// <summary>Segments with fewer rows are as well served by an exact scan.</summary>
    public const int RowsMin = 10_000;

    /// <summary>Length of the candidate list where a request names none.</summary>
    public const int EfDefault = 64;

    internal const int LevelMax = 30;

    private readonly VectorSpace space;
    private readonly VectorBlock block;
    private readonly HnswImage image;
    private readonly WalkRows walked;
    private readonly GraphSearch search;

    private HnswGraph(VectorSpace space, VectorBlock block, HnswImage image)
    {
        this.space = space;
        this.block = block;
        this.image = image;
        walked = RowsToWalk(space, block, image);
        search = new GraphSearch(space, block, image, walked);
    }

    /// <summary>Number of rows, those included that are reached through an equal one.</summary>
    public int Rows => block.Count;

    /// <summary>Bytes that the graph holds beside the vectors; also the length of its file.</summary>
    public long Bytes => image.Layout.Length;

    /// <summary>
    /// Builds a graph, on the calling thread. The block's first row counts as row 0 of the segment. Progress is told the rows done, from 0 to all.
    /// </summary>
    /// <exception cref="OperationCanceledException">The build was cancelled.</exception>
    public static HnswGraph Build(
        VectorSpace space, VectorBlock block, HnswParameters parameters, Action<int>? progress, CancellationToken cancel)
    {
        Invariant.Holds(space.Metric.CanGuideGraph() && space.Type.IsDenseVector(), $"a graph was asked for over {space.Type} by {space.Metric}");
        Invariant.Holds(block.FirstRow == 0, "a graph covers a whole segment");
        return new HnswGraph(space, block, HnswBuilder.Build(space, block, parameters, progress, cancel));
    }

    /// <summary>
    /// A graph whose image lies in memory that the caller keeps in place (a mapped file; the start 64-byte aligned), over the rows it was built
    /// from; or why the bytes are not such an image. Checksums are verified.
    /// </summary>
    public static Result<HnswGraph> View(byte* from, long length, VectorSpace space, VectorBlock block) =>
        HnswImage.View(from, length, space, block.Count, owned: null).TryGet(out var image, out var why)
            ? new HnswGraph(space, block, image)
            : why;

    /// <summary>A graph read from a stream into memory of its own; or why the bytes are not an image over these rows.</summary>
    public static Result<HnswGraph> Read(Stream from, long length, VectorSpace space, VectorBlock block) =>
        ImageStream.Read<HnswGraph>(from, length, memory =>
            HnswImage.View(memory.Pointer, length, space, block.Count, memory).TryGet(out var image, out var why)
                ? new HnswGraph(space, block, image)
                : why);

    /// <summary>Writes the image, <see cref="Bytes"/> bytes.</summary>
    public void Write(Stream to) => image.Write(to);

    /// <summary>Copies a part of the image, of which there are <see cref="Bytes"/> bytes.</summary>
    public void CopyTo(long offset, Span<byte> into) => image.CopyTo(offset, into);

    /// <summary>
    /// The best hits of each query that the graph leads to, in the order of the queries; scores are exact. Where few rows are allowed, or a walk
    /// would cost more than a scan, the rows are scanned, and the hits are exact too.
    /// </summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public Hit[][] Search(ReadOnlySpan<byte> queries, SearchRequest request, CancellationToken cancel) =>
        search.Search(queries, request, cancel);

    public void Dispose()
    {
        search.Dispose();
        image.Dispose();
    }

    /// <summary>What the graph is walked by: the codes where the image holds some.</summary>
    internal static WalkRows RowsToWalk(VectorSpace space, VectorBlock block, HnswImage image) => image.Header.HasCodes == 1
        ? new WalkRows(RowCodes.CodeSpace(space), image.Codes)
        : new WalkRows(space, block.Rows);
}
