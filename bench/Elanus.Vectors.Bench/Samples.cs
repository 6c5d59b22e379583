using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Vectors.Bench;

/// <summary>Clustered float vectors from a seed: centres of standard deviation two, points of one around them.</summary>
internal sealed unsafe class Samples : IDisposable
{
    private readonly AlignedMemory memory;

    public Samples(int dimension, int count, int clusters, int seed)
    {
        Dimension = dimension;
        Count = count;
        memory = new AlignedMemory((long)count * dimension * sizeof(float));
        var random = new Random(dimension);
        var centres = new float[clusters * dimension];
        foreach (ref var c in centres.AsSpan())
        {
            c = 2 * Normal(random);
        }

        random = new Random(seed);
        for (var row = 0; row < count; row++)
        {
            var centre = centres.AsSpan(random.Next(clusters) * dimension, dimension);
            var values = MemoryMarshal.Cast<byte, float>(Row(row));
            for (var i = 0; i < dimension; i++)
            {
                values[i] = centre[i] + Normal(random);
            }
        }
    }

    public int Dimension { get; }

    public int Count { get; }

    public VectorBlock Block => new(memory.Pointer, Count);

    public Span<byte> Row(int row) => memory.Span((long)row * Dimension * sizeof(float), Dimension * sizeof(float));

    public Span<byte> Rows(int row, int count) =>
        memory.Span((long)row * Dimension * sizeof(float), count * Dimension * sizeof(float));

    public void Dispose() => memory.Dispose();

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
