using Elanus.Vectors;

namespace Elanus.Engine;

/// <summary>Dense vectors, in blocks of native memory.</summary>
internal sealed class DenseRows(VectorSpace space, VectorBlock[] blocks) : VectorRows
{
    public override Hit[][] Search(QueryVectors queries, SearchRequest request, CancellationToken cancel) =>
        FlatSearch.Search(space, blocks, queries.Dense, request, cancel);

    public override IEnumerable<VectorRows> Cut(int rows)
    {
        var part = new List<VectorBlock>();
        var room = rows;
        foreach (var block in blocks)
        {
            for (var from = 0; from < block.Count;)
            {
                var count = Math.Min(block.Count - from, room);
                part.Add(Part(block, from, count));
                from += count;
                room -= count;
                if (room == 0)
                {
                    yield return new DenseRows(space, [.. part]);
                    part.Clear();
                    room = rows;
                }
            }
        }

        if (part.Count > 0)
        {
            yield return new DenseRows(space, [.. part]);
        }
    }

    private unsafe VectorBlock Part(VectorBlock block, int from, int count) =>
        new(block.Rows + ((long)from * space.RowBytes), count, block.FirstRow + from);
}
