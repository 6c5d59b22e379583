using System.Runtime.CompilerServices;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>The rows that a graph is walked by, codes or the vectors themselves, with the kernel that compares them.</summary>
internal readonly unsafe struct WalkRows
{
    private readonly VectorSpace space;
    private readonly RowKernel kernel;
    private readonly byte* rows;
    private readonly int rowBytes;
    private readonly bool readAsQueries;

    public WalkRows(VectorSpace space, byte* rows)
    {
        this.space = space;
        this.rows = rows;
        kernel = KernelTable.For(space);
        rowBytes = space.RowBytes;
        readAsQueries = space.Type == DataType.Int8Vector && space.Metric != MetricType.Cosine && rowBytes % ByteLanes.Count == 0;
    }

    public VectorSpace Space => space;

    /// <summary>A row as the query of a comparison; it may use the scratch (<see cref="PreparedQueries.Stride"/> bytes).</summary>
    public Probe Probe(int row, byte* scratch)
    {
        var at = rows + (long)row * rowBytes;
        return readAsQueries
            ? new Probe(at, space.Dimension, rowBytes, 0f)
            : PreparedQueries.Prepare(space, new(at, rowBytes), scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Compare(in Probe query, int* numbers, int count, float* keys) => kernel.Gather(query, rows, numbers, count, keys);

    /// <summary>The same for rows that were not prefetched.</summary>
    public void CompareFar(in Probe query, int* numbers, int count, float* keys) => kernel.GatherFar(query, rows, numbers, count, keys);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row) => CacheLines.PrefetchRow(rows + (long)row * rowBytes, rowBytes);
}
