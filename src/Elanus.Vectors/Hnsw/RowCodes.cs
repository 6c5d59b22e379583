using System.Runtime.Intrinsics;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// Rows of floating elements as signed bytes, for walking a graph: a quarter of the memory and of the time of a comparison. One scale serves all
/// elements, so that sums over codes order rows as sums over elements do, but for rounding; what a walk finds is ranked again by the vectors.
/// L2: elements less their mean. COSINE: the same of vectors scaled to length one, compared by L2, which orders them alike. IP: elements as they are.
/// </summary>
internal sealed unsafe class RowCodes
{
    private const int SampleRows = 1000;
    private const int CodeMax = 127;

    private readonly VectorSpace space;
    private readonly float* centre;
    private readonly float scale;
    private readonly float[] values;

    /// <param name="space">The space of the vectors.</param>
    /// <param name="centre">One float an element.</param>
    /// <param name="scale">What one step of a code is worth.</param>
    public RowCodes(VectorSpace space, float* centre, float scale)
    {
        this.space = space;
        this.centre = centre;
        this.scale = scale;
        values = new float[space.Dimension];
    }

    /// <summary>Whether a type's rows can be coded; the others are walked as they are.</summary>
    public static bool Serve(DataType type) => type is DataType.FloatVector or DataType.Float16Vector or DataType.BFloat16Vector;

    /// <summary>Bytes of one code: a whole number of kernel steps.</summary>
    public static int BytesFor(int dimension) => (dimension + ByteLanes.Count - 1) / ByteLanes.Count * ByteLanes.Count;

    /// <summary>The space that codes are compared in.</summary>
    public static VectorSpace CodeSpace(VectorSpace space) =>
        VectorSpace.OfCodes(BytesFor(space.Dimension), space.Metric == MetricType.Ip ? MetricType.Ip : MetricType.L2);

    /// <summary>Writes the centre of the rows and returns the scale that loses least, both from a sample spread over the rows.</summary>
    public static float Fit(VectorSpace space, VectorBlock rows, float* centre)
    {
        var sample = Math.Min(SampleRows, rows.Count);
        var fitted = new RowCodes(space, centre, 1f);
        new Span<float>(centre, space.Dimension).Clear();
        var all = new float[sample * space.Dimension];
        for (var i = 0; i < sample; i++)
        {
            fitted.Read(Row(space, rows, (int)((long)i * rows.Count / sample)));
            fitted.values.CopyTo(all, i * space.Dimension);
        }

        if (space.Metric != MetricType.Ip)
        {
            Centre(all, sample, centre, space.Dimension);
        }

        return BestScale(all);
    }

    /// <summary>Writes the code of a row, padding included.</summary>
    public void Encode(ReadOnlySpan<byte> row, sbyte* code)
    {
        Read(row);
        Quantise(scale, code);
    }

    /// <summary>Writes the code of a query. By IP its length does not change the order, so it has a scale of its own.</summary>
    public void EncodeQuery(ReadOnlySpan<byte> query, sbyte* code)
    {
        Read(query);
        if (space.Metric != MetricType.Ip)
        {
            Quantise(scale, code);
            return;
        }

        var largest = 0f;
        foreach (var value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        Quantise(largest > 0f ? largest / CodeMax : 1f, code);
    }

    private static ReadOnlySpan<byte> Row(VectorSpace space, VectorBlock rows, int row) =>
        new(rows.Rows + (long)row * space.RowBytes, space.RowBytes);

    private static void Centre(float[] sample, int rows, float* centre, int dimension)
    {
        for (var i = 0; i < dimension; i++)
        {
            var sum = 0.0;
            for (var row = 0; row < rows; row++)
            {
                sum += sample[row * dimension + i];
            }

            centre[i] = (float)(sum / Math.Max(rows, 1));
            for (var row = 0; row < rows; row++)
            {
                sample[row * dimension + i] -= centre[i];
            }
        }
    }

    /// <summary>Of some scales up to the one that reaches the largest value, the one with the least squared error, cut values included.</summary>
    private static float BestScale(float[] sample)
    {
        var largest = 0f;
        foreach (var value in sample)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        var best = largest > 0f && largest < float.MaxValue ? largest / CodeMax : 1f;
        var least = double.PositiveInfinity;
        for (var share = 1f; share > 0.1f && largest > 0f; share *= 0.85f)
        {
            var scale = largest * share / CodeMax;
            var error = 0.0;
            foreach (var value in sample)
            {
                var lost = value - scale * Math.Clamp(MathF.Round(value / scale), -CodeMax, CodeMax);
                error += lost * lost;
            }

            if (error < least)
            {
                least = error;
                best = scale;
            }
        }

        return best;
    }

    private void Read(ReadOnlySpan<byte> vector)
    {
        VectorValues.Widen(space.Type, vector, values);
        if (space.Metric == MetricType.Cosine)
        {
            var squares = 0.0;
            foreach (var value in values)
            {
                squares += (double)value * value;
            }

            var inverse = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)(values[i] * inverse);
            }
        }
    }

    private void Quantise(float step, sbyte* code)
    {
        var steps = 1f / step;
        var i = 0;
        for (; i + Vector128<sbyte>.Count <= values.Length; i += Vector128<sbyte>.Count)
        {
            var low = Vector128.Narrow(Steps(i, steps), Steps(i + 4, steps));
            var high = Vector128.Narrow(Steps(i + 8, steps), Steps(i + 12, steps));
            Vector128.Narrow(low, high).Store(code + i);
        }

        for (; i < values.Length; i++)
        {
            code[i] = (sbyte)Math.Clamp(MathF.Round((values[i] - centre[i]) * steps), -CodeMax, CodeMax);
        }

        new Span<byte>(code + values.Length, BytesFor(values.Length) - values.Length).Clear();
    }

    /// <summary>Four elements in whole steps from the centre; the same numbers as one by one.</summary>
    private Vector128<int> Steps(int from, float steps)
    {
        var moved = (Vector128.Create(values.AsSpan(from, Vector128<float>.Count)) - Vector128.Load(centre + from)) * Vector128.Create(steps);
        return Vector128.ConvertToInt32(
            Vector128.Clamp(Vector128.Round(moved), Vector128.Create((float)-CodeMax), Vector128.Create((float)CodeMax)));
    }
}
