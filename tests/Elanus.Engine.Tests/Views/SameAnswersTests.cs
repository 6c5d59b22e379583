using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Engine.Tests;

/// <summary>The same rows answer the same bits whether they grow, wait to be packed, are packed, or lie in many segments; with either type of key.</summary>
public class SameAnswersTests
{
    private static readonly string[] Filters = ["", "number % 3 == 1", "text == \"t1\"", "text is null and number > 100"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Growing_and_sealed_rows_answer_alike(bool textKey)
    {
        var work = new ManualWork();
        await using var growing = Fill(new Node(), textKey, sealEvery: 0);
        await using var packed = Fill(new Node(), textKey, sealEvery: 100);
        await using var waiting = Fill(new Node(work), textKey, sealEvery: 2);
        await using var many = Fill(new Node(options: new() { SegmentBytesMax = 2000 }), textKey, sealEvery: 0);
        Assert.True(many.Collection.Statistics().Segments.Length > 5);

        foreach (var filter in Filters)
        {
            var rows = await Rows(growing, filter, null);
            Assert.NotEmpty(rows);
            Assert.Equal(rows.Take(17), await Rows(growing, filter, 17));
            foreach (var other in (Node[])[packed, waiting, many])
            {
                Assert.Equal(rows, await Rows(other, filter, null));
                Assert.Equal(rows.Take(17), await Rows(other, filter, 17));
                foreach (var metric in (MetricType[])[MetricType.L2, MetricType.Ip, MetricType.Cosine])
                {
                    Assert.Equal(await Hits(growing, filter, metric), await Hits(other, filter, metric));
                }
            }
        }

        work.RunAll();
    }

    private static Node Fill(Node node, bool textKey, int sealEvery)
    {
        node.Apply(Sample.Created(textKey));
        var random = new Random(11);
        for (var i = 1; i <= 60; i++)
        {
            var rows = Enumerable.Range(0, 20).Select(_ => ((long)random.Next(500), random.Next(400))).ToArray();
            var deletes = i % 4 == 0 ? new KeyDelete(Sample.Keys(textKey, random.Next(500), rows[0].Item1), []) : null;
            node.Apply(new Write(Sample.Collection, 1, deletes, [new(0, Sample.P1, Sample.Batch(textKey, rows))]));
            if (sealEvery > 0 && i % sealEvery == 0)
            {
                node.Apply(Seal.All(Sample.Collection));
            }
        }

        return sealEvery > 0 ? node.Apply(Seal.All(Sample.Collection)) : node;
    }

    private static async Task<List<(long Key, int Number)>> Rows(Node node, string filter, long? limit)
    {
        using var view = node.Open();
        return await Node.Rows(view, filter, limit);
    }

    private static async Task<List<(long Key, float Score)>> Hits(Node node, string filter, MetricType metric)
    {
        using var view = node.Open();
        var spec = Node.Spec([1, 2, 0, 1], 23, metric) with { Filter = Node.Filter(filter, view.Schema.PrimaryKey.Type == DataType.VarChar) };
        var hits = (await view.Search(spec, CancellationToken.None)).Value;
        return [.. Node.Keys(hits.Keys).Zip(hits.Scores)];
    }
}
