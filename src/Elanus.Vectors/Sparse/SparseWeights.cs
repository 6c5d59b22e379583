using System.Numerics;

namespace Elanus.Vectors;

/// <summary>A sparse query as a hash table from index to weight.</summary>
internal sealed class SparseWeights
{
    /// <summary>An index that no vector has.</summary>
    private const uint None = uint.MaxValue;

    private const int PlacesAPair = 4;

    private readonly SparseVector.Pair[] table;
    private readonly int shift;

    public SparseWeights(ReadOnlySpan<SparseVector.Pair> query)
    {
        var bits = BitOperations.Log2((uint)Math.Max(query.Length, 1) * PlacesAPair) + 1;
        table = new SparseVector.Pair[1 << bits];
        table.AsSpan().Fill(new(None, 0f));
        shift = 32 - bits;
        foreach (var pair in query)
        {
            table[PlaceOf(pair.Index)] = pair;
        }
    }

    /// <summary>The inner product with a row; never a negative zero.</summary>
    public float Product(ReadOnlySpan<SparseVector.Pair> row)
    {
        var sum = 0f;
        foreach (var pair in row)
        {
            ref var entry = ref table[PlaceOf(pair.Index)];
            if (entry.Index == pair.Index)
            {
                sum = MathF.FusedMultiplyAdd(entry.Value, pair.Value, sum);
            }
        }

        return sum + 0f;
    }

    /// <summary>Where an index stands, or the free place where it would.</summary>
    private int PlaceOf(uint index)
    {
        var place = (int)(index * 2654435769u >> shift);
        while (table[place].Index != index && table[place].Index != None)
        {
            place = (place + 1) & (table.Length - 1);
        }

        return place;
    }
}
