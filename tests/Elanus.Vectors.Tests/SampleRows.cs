using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Vectors.Tests;

/// <summary>Vectors of any dense type drawn from a seed, in native memory.</summary>
internal sealed unsafe class SampleRows : IDisposable
{
    private readonly AlignedMemory memory;

    public SampleRows(DataType type, int dimension, int count, int seed, int clusters = 0)
    {
        Type = type;
        Dimension = dimension;
        Count = count;
        RowBytes = type.Width(dimension);
        memory = new AlignedMemory((long)count * RowBytes);
        var random = new Random(seed);
        var centres = new float[Math.Max(clusters, 1) * dimension];
        if (clusters > 0)
        {
            // Centres depend on the dimension alone, so that rows and queries of different seeds share them.
            var own = new Random(dimension);
            foreach (ref var c in centres.AsSpan())
            {
                c = Normal(own) * 2;
            }
        }

        var values = new float[dimension];
        for (var row = 0; row < count; row++)
        {
            var centre = clusters > 0 ? random.Next(clusters) * dimension : 0;
            for (var i = 0; i < dimension; i++)
            {
                values[i] = centres[centre + i] + Normal(random);
            }

            Encode(type, values, memory.Span((long)row * RowBytes, RowBytes));
        }
    }

    public DataType Type { get; }

    public int Dimension { get; }

    public int Count { get; }

    public int RowBytes { get; }

    public byte* Pointer => memory.Pointer;

    public VectorBlock Block => new(memory.Pointer, Count);

    public Span<byte> Bytes => memory.Span(0, Count * RowBytes);

    public Span<byte> Row(int row) => memory.Span((long)row * RowBytes, RowBytes);

    public Span<float> Floats(int row) => MemoryMarshal.Cast<byte, float>(Row(row));

    public void Dispose() => memory.Dispose();

    /// <summary>Near enough to a normal draw with deviation one, and cheap.</summary>
    private static float Normal(Random random) =>
        (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2f) * 1.7320508f;

    private static void Encode(DataType type, float[] values, Span<byte> row)
    {
        switch (type)
        {
            case DataType.FloatVector:
                MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(row);
                break;
            case DataType.Float16Vector:
                for (var i = 0; i < values.Length; i++)
                {
                    MemoryMarshal.Cast<byte, Half>(row)[i] = (Half)values[i];
                }

                break;
            case DataType.BFloat16Vector:
                for (var i = 0; i < values.Length; i++)
                {
                    MemoryMarshal.Cast<byte, ushort>(row)[i] = (ushort)(BitConverter.SingleToUInt32Bits(values[i]) >> 16);
                }

                break;
            case DataType.Int8Vector:
                for (var i = 0; i < values.Length; i++)
                {
                    row[i] = (byte)(sbyte)Math.Clamp(values[i] * 30, -128, 127);
                }

                break;
            case DataType.BinaryVector:
                row.Clear();
                for (var i = 0; i < values.Length; i++)
                {
                    row[i >> 3] |= (byte)(values[i] > 0 ? 1 << (i & 7) : 0);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type));
        }
    }
}
