using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// Exact search: every allowed row is compared with every query. Rows are taken in tiles that stay in the nearest cache while all queries of
/// the batch pass over them. Reads only memory that it was shown; any thread may search, each call on its own.
/// </summary>
public static unsafe class FlatSearch
{
    /// <summary>Most bytes of rows in a tile: half of a usual first-level cache.</summary>
    private const int TileBytes = 24 * 1024;

    private const int TileRowsMax = 512;

    /// <summary>Comparisons of a tile with a query take a microsecond or so each.</summary>
    private const int TileRunsBetweenCancelChecks = 64;

    /// <summary>
    /// The best hits of each query, in the order of the queries. Blocks hold the rows of one segment (each row in one block); queries are
    /// vectors of the space's type one after another.
    /// </summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static Hit[][] Search(
        VectorSpace space, ReadOnlySpan<VectorBlock> blocks, ReadOnlySpan<byte> queries, SearchRequest request, CancellationToken cancel)
    {
        using var prepared = new PreparedQueries(space, queries);
        var range = KeyRange.Of(space.Metric, request);
        var top = new TopHits[prepared.Count];
        for (var i = 0; i < top.Length; i++)
        {
            top[i] = new TopHits(request.K, range);
        }

        if (request.K > 0)
        {
            var kernel = KernelTable.For(space);
            foreach (var block in blocks)
            {
                if (request.Allowed is { } allowed)
                {
                    ScanAllowed(space, kernel, block, prepared, allowed, top, cancel);
                }
                else
                {
                    ScanAll(space, kernel, block, prepared, top, cancel);
                }
            }
        }

        return Array.ConvertAll(top, t => t.Take(space.Metric));
    }

    private static void ScanAll(
        VectorSpace space, RowKernel kernel, VectorBlock block, PreparedQueries queries, TopHits[] top, CancellationToken cancel)
    {
        var rowBytes = (long)space.RowBytes;
        var tileRows = TileRows(rowBytes);
        var keys = stackalloc float[TileRowsMax];
        var runs = 0;
        for (var first = 0; first < block.Count; first += tileRows)
        {
            var rows = Math.Min(tileRows, block.Count - first);
            for (var q = 0; q < queries.Count; q++)
            {
                if (runs++ % TileRunsBetweenCancelChecks == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                }

                kernel.Run(queries[q], block.Rows + first * rowBytes, rows, keys);
                top[q].OfferRun(new(keys, rows), block.FirstRow + first);
            }
        }
    }

    private static void ScanAllowed(
        VectorSpace space, RowKernel kernel, VectorBlock block, PreparedQueries queries, Bitset allowed, TopHits[] top, CancellationToken cancel)
    {
        var end = block.FirstRow + block.Count;
        Invariant.Holds((uint)end <= (uint)allowed.Length, "a bitmap is shorter than the rows searched");
        var tileRows = TileRows(space.RowBytes);
        var keys = stackalloc float[TileRowsMax];
        var numbers = stackalloc int[TileRowsMax];
        var runs = 0;
        for (var next = block.FirstRow; next >= 0 && next < end;)
        {
            var gathered = 0;
            for (next = allowed.NextSet(next); next >= 0 && next < end && gathered < tileRows; next = allowed.NextSet(next + 1))
            {
                numbers[gathered++] = next - block.FirstRow;
            }

            for (var q = 0; q < queries.Count && gathered > 0; q++)
            {
                if (runs++ % TileRunsBetweenCancelChecks == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                }

                if (q == 0)
                {
                    kernel.GatherFar(queries[q], block.Rows, numbers, gathered, keys);
                }
                else
                {
                    kernel.Gather(queries[q], block.Rows, numbers, gathered, keys);
                }

                top[q].OfferRows(new(keys, gathered), new(numbers, gathered), block.FirstRow);
            }
        }
    }

    private static int TileRows(long rowBytes) => (int)Math.Clamp(TileBytes / rowBytes, 16, TileRowsMax);
}
