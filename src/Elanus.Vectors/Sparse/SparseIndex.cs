using System.Collections.Concurrent;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// An inverted index over the sparse rows of one sealed segment: exact, the same hits and scores as the scan. It holds all it needs; the rows are not
/// read again. A search goes over windows of rows, and in each over the query's terms, so that the scores of a window stay in a near cache. Any
/// thread may search; none while or after it is disposed of.
/// </summary>
public sealed unsafe class SparseIndex : IDisposable
{
    /// <summary>Rows of a window: 128 KiB of scores.</summary>
    private const int WindowRows = 1 << 15;

    private const int WindowsKeptMax = 64;

    private readonly SparseImage image;
    private readonly ConcurrentBag<float[]> windows = [];

    private SparseIndex(SparseImage image) => this.image = image;

    public int Rows => image.Header.Rows;

    /// <summary>Bytes of the index; also the length of its file.</summary>
    public long Bytes => image.Layout.Length;

    /// <summary>Builds an index; the blocks come in the order of their rows, the first with row 0.</summary>
    /// <exception cref="OperationCanceledException">The build was cancelled.</exception>
    public static SparseIndex Build(ReadOnlySpan<SparseBlock> blocks, CancellationToken cancel) => new(SparseImage.Build(blocks, cancel));

    /// <summary>
    /// An index whose image lies in memory that the caller keeps in place (the start 64-byte aligned), for a number of rows; or why the bytes are not
    /// such an image. Checksums are verified.
    /// </summary>
    public static Result<SparseIndex> View(byte* from, long length, int rows) =>
        SparseImage.View(from, length, rows, owned: null).TryGet(out var image, out var why) ? new SparseIndex(image) : why;

    /// <summary>An index read from a stream into memory of its own; or why the bytes are not an image for these rows.</summary>
    public static Result<SparseIndex> Read(Stream from, long length, int rows) => ImageStream.Read<SparseIndex>(from, length, memory =>
        SparseImage.View(memory.Pointer, length, rows, memory).TryGet(out var image, out var why) ? new SparseIndex(image) : why);

    /// <summary>Writes the image, <see cref="Bytes"/> bytes.</summary>
    public void Write(Stream to) => image.Write(to);

    /// <summary>Copies a part of the image, of which there are <see cref="Bytes"/> bytes.</summary>
    public void CopyTo(long offset, Span<byte> into) => image.CopyTo(offset, into);

    /// <summary>The best hits of each query, in the order of the queries.</summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public Hit[][] Search(IReadOnlyList<ReadOnlyMemory<byte>> queries, SearchRequest request, CancellationToken cancel)
    {
        Invariant.Holds(request.Allowed is null || request.Allowed.Length == Rows, "a bitmap and a sparse index differ in their number of rows");
        var found = new Hit[queries.Count][];
        var window = windows.TryTake(out var kept) ? kept : new float[WindowRows];
        for (var q = 0; q < found.Length; q++)
        {
            var top = new TopHits(request.K, SparseSearch.Range(request));
            if (request.K > 0)
            {
                Search(SparseVector.Pairs(queries[q].Span), request.Allowed, top, window, cancel);
            }

            found[q] = top.Take(MetricType.Ip);
        }

        if (windows.Count < WindowsKeptMax)
        {
            windows.Add(window);
        }

        return found;
    }

    public void Dispose() => image.Dispose();

    private void Search(ReadOnlySpan<SparseVector.Pair> query, Bitset? allowed, TopHits top, float[] window, CancellationToken cancel)
    {
        var terms = new Cursor[query.Length];
        var count = 0;
        foreach (var pair in query)
        {
            var term = image.Terms.BinarySearch(pair.Index);
            if (term >= 0)
            {
                terms[count++] = new(image.Starts[term], image.Starts[term + 1], pair.Value);
            }
        }

        for (var first = 0; first < Rows && count > 0; first += WindowRows)
        {
            cancel.ThrowIfCancellationRequested();
            var scores = window.AsSpan(0, Math.Min(WindowRows, Rows - first));
            scores.Clear();
            foreach (ref var term in terms.AsSpan(0, count))
            {
                Add(ref term, first, scores);
            }

            for (var i = 0; i < scores.Length; i++)
            {
                if (0f - scores[i] <= top.Limit && (allowed is null || allowed[first + i]))
                {
                    top.Offer(0f - scores[i], first + i);
                }
            }
        }
    }

    /// <summary>Adds a term's products with the rows of a window.</summary>
    private void Add(ref Cursor term, int first, Span<float> scores)
    {
        var rows = image.Rows;
        var values = image.Values;
        var at = term.Next;
        for (; at < term.End; at++)
        {
            var row = rows[at] - first;
            if ((uint)row >= (uint)scores.Length)
            {
                break;
            }

            scores[row] = MathF.FusedMultiplyAdd(term.Weight, values[at], scores[row]);
        }

        term.Next = at;
    }

    private struct Cursor(long next, long end, float weight)
    {
        public readonly long End = end;

        public readonly float Weight = weight;

        public long Next = next;
    }
}
