using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>Queries copied into native memory in the form that the kernels read. Owned by one search.</summary>
internal sealed unsafe class PreparedQueries : IDisposable
{
    private readonly AlignedMemory memory;
    private readonly Probe[] probes;

    public PreparedQueries(VectorSpace space, ReadOnlySpan<byte> queries)
    {
        var rowBytes = space.RowBytes;
        Invariant.Holds(queries.Length % rowBytes == 0, "queries are not a whole number of vectors");
        var count = queries.Length / rowBytes;
        var stride = Stride(space);
        memory = new AlignedMemory((long)count * stride);
        probes = new Probe[count];
        for (var i = 0; i < count; i++)
        {
            probes[i] = Prepare(space, queries.Slice(i * rowBytes, rowBytes), memory.Pointer + (long)i * stride);
        }
    }

    public int Count => probes.Length;

    public ref readonly Probe this[int index] => ref probes[index];

    /// <summary>Bytes that one prepared query takes.</summary>
    public static int Stride(VectorSpace space) =>
        (Math.Max(WidensToFloat(space.Type) ? space.Dimension * sizeof(float) : space.RowBytes, 1) + AlignedMemory.Alignment - 1)
        & ~(AlignedMemory.Alignment - 1);

    /// <summary>Writes one query, padding included, to memory of <see cref="Stride"/> bytes.</summary>
    public static Probe Prepare(VectorSpace space, ReadOnlySpan<byte> query, byte* to)
    {
        var target = new Span<byte>(to, Stride(space));
        if (!WidensToFloat(space.Type))
        {
            query.CopyTo(target);
            target[query.Length..].Clear();
            var length = space.Metric == MetricType.Cosine ? Cosine.InverseLength(SquaredLength(MemoryMarshal.Cast<byte, sbyte>(query))) : 0f;
            return new(to, space.Dimension, space.RowBytes, length);
        }

        var values = MemoryMarshal.Cast<byte, float>(target);
        VectorValues.Widen(space.Type, query, values[..space.Dimension]);
        values[space.Dimension..].Clear();
        var inverseLength = 0f;
        if (space.Metric == MetricType.Cosine)
        {
            inverseLength = Cosine.InverseLength(SquaredLength((float*)to, space.Dimension));
        }

        return new(to, space.Dimension, space.RowBytes, inverseLength);
    }

    public void Dispose() => memory.Dispose();

    private static bool WidensToFloat(DataType type) => type is DataType.FloatVector or DataType.Float16Vector or DataType.BFloat16Vector;

    private static int SquaredLength(ReadOnlySpan<sbyte> values)
    {
        var sum = 0;
        foreach (var value in values)
        {
            sum += value * value;
        }

        return sum;
    }

    /// <summary>The canonical sum of squares of padded floats.</summary>
    private static float SquaredLength(float* values, int dimension)
    {
        var sum = Lanes128.Zero;
        for (var at = 0; at < dimension; at += ILanes<Lanes128>.Count)
        {
            var lanes = Lanes128.Load(values + at);
            sum = Lanes128.MultiplyAdd(lanes, lanes, sum);
        }

        return Lanes128.Sums(sum, sum, sum, sum).ToScalar();
    }
}
