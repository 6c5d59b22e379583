using System.Runtime.InteropServices;
using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine.Tests;

/// <summary>Sparse vectors: scanned while growing, through the inverted index once sealed, with the same bits either way.</summary>
public class SparseIndexTests
{
    private static readonly FieldId Sparse = new(110);

    private static readonly IndexDefinition Lists = new() { Id = new(600), Field = Sparse, Kind = IndexKind.SparseInverted, Metric = MetricType.Ip };

    [Fact]
    public async Task The_index_answers_what_the_scan_answered()
    {
        await using var node = new Node(options: new() { IndexedRowsMin = 100 });
        node.Apply(Sample.Created() with { Schema = Schema() }).Apply(Rows(first: 0, count: 700)).Apply(Rows(first: 700, count: 300)).Apply(Sample.Delete(3, 5, 8));
        node.Collection.SetIndexes([Lists]);
        var scanned = await Search(node);
        Assert.Equal(40, scanned.Count);

        node.Apply(Seal.All(Sample.Collection));
        Assert.Equal(Lists.Id, Assert.Single(node.Collection.Statistics().Segments[0].Indexes));
        Assert.Equal(scanned, await Search(node));
        node.Collection.SetIndexes([]);
        Assert.Equal(scanned, await Search(node));
    }

    [Fact]
    public async Task A_query_that_is_no_sparse_vector_is_refused()
    {
        await using var node = new Node().Apply(Sample.Created() with { Schema = Schema() }).Apply(Rows(0, 10));
        using var view = node.Open();
        var spec = Spec(new ColumnBuilder(DataType.SparseFloatVector).Append(MemoryMarshal.AsBytes<uint>([9, 0, 4, 0])).Build());
        Assert.Contains("query vector 0 for field sparse", (await view.Search(spec, CancellationToken.None)).Failure!.Sentence, StringComparison.Ordinal);
    }

    private static CollectionSchema Schema()
    {
        var schema = Sample.Schema();
        return schema with { Fields = [schema.Fields[0], new() { Id = Sparse, Name = "sparse", Type = DataType.SparseFloatVector }] };
    }

    private static Write Rows(int first, int count)
    {
        var random = new Random(first);
        var keys = new ColumnBuilder(DataType.Int64);
        var vectors = new ColumnBuilder(DataType.SparseFloatVector);
        for (var row = first; row < first + count; row++)
        {
            keys.Append((long)row);
            vectors.Append(Vector(random));
        }

        return new(Sample.Collection, 1, null, [new(0, Sample.P1, new(count, [new(Sample.Key, keys.Build()), new(Sparse, vectors.Build())]))]);
    }

    private static byte[] Vector(Random random)
    {
        var bytes = new List<byte>();
        for (var index = random.Next(4); index < 60; index += random.Next(1, 20))
        {
            bytes.AddRange(BitConverter.GetBytes((uint)index));
            bytes.AddRange(BitConverter.GetBytes((float)random.Next(1, 5)));
        }

        return [.. bytes];
    }

    private static SearchSpec Spec(ColumnBlock queries) => new() { Field = Sparse, Metric = MetricType.Ip, Queries = queries, K = 20 };

    private static async Task<List<(long, float)>> Search(Node node)
    {
        using var view = node.Open();
        var random = new Random(99);
        var queries = new ColumnBuilder(DataType.SparseFloatVector).Append(Vector(random)).Append(Vector(random)).Build();
        var hits = (await view.Search(Spec(queries), CancellationToken.None)).Value;
        return [.. Node.Keys(hits.Keys).Zip(hits.Scores)];
    }
}
