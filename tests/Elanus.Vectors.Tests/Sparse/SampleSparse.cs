using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Vectors.Tests;

/// <summary>Sparse rows from a seed, in native memory: few terms are frequent, many are rare, some rows are empty.</summary>
internal sealed unsafe class SampleSparse : IDisposable
{
    private readonly AlignedMemory values;
    private readonly AlignedMemory offsets;

    public SampleSparse(int count, int terms, int mostPairs, int seed)
    {
        Count = count;
        var random = new Random(seed);
        var bytes = new List<byte>();
        offsets = new AlignedMemory((count + 1L) * sizeof(uint));
        for (var row = 0; row < count; row++)
        {
            var drawn = new SortedDictionary<uint, float>();
            for (var i = random.Next(mostPairs + 1); i > 0; i--)
            {
                var term = (uint)(terms * Math.Pow(random.NextDouble(), 3)) * 7919u;
                drawn[term] = random.NextSingle() - (random.Next(8) == 0 ? 1 : 0);
            }

            foreach (var (index, value) in drawn)
            {
                bytes.AddRange(MemoryMarshal.AsBytes([index]));
                bytes.AddRange(MemoryMarshal.AsBytes([value]));
            }

            Offsets[row + 1] = (uint)bytes.Count;
        }

        values = new AlignedMemory(bytes.Count);
        CollectionsMarshal.AsSpan(bytes).CopyTo(values.Span(0, bytes.Count));
    }

    public int Count { get; }

    public uint* Offsets => (uint*)offsets.Pointer;

    public SparseBlock Block => new(values.Pointer, Offsets, Count);

    public SparseBlock Part(int first, int count) => new(values.Pointer, Offsets + first, count, first);

    public ReadOnlySpan<byte> Row(int row) => values.Span(Offsets[row], (int)(Offsets[row + 1] - Offsets[row]));

    public IReadOnlyList<ReadOnlyMemory<byte>> AsQueries()
    {
        var queries = new List<ReadOnlyMemory<byte>>();
        for (var row = 0; row < Count; row++)
        {
            queries.Add(Row(row).ToArray());
        }

        return queries;
    }

    public void Dispose()
    {
        values.Dispose();
        offsets.Dispose();
    }
}
