using Elanus.Primitives;

namespace Elanus.Engine.Tests;

public class SampleTests
{
    private const int Rows = 3_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sample_is_drawn_from_a_segment_whatever_chunks_it_lies_in(bool seal)
    {
        await using var node = new Node();
        node.Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, [.. Enumerable.Range(0, Rows).Select(i => ((long)i, i))]));
        if (seal)
        {
            node.Apply(Seal.All(Sample.Collection));
        }

        // A share of each of its chunks, the smallest of 256 rows, would be none or one of every chunk.
        Assert.Equal(3, (await Drawn(node, "random_sample(0.001)", seed: 1)).Count);
        Assert.Equal(1_500, (await Drawn(node, "random_sample(0.5)", seed: 1)).Count);
        Assert.Equal(150, (await Drawn(node, "number < 300 and random_sample(0.5)", seed: 1)).Count);
    }

    [Fact]
    public async Task One_seed_draws_one_sample_and_another_another()
    {
        await using var node = new Node();
        node.Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, [.. Enumerable.Range(0, Rows).Select(i => ((long)i, i))]));
        var first = await Drawn(node, "random_sample(0.1)", seed: 1);
        Assert.Equal(first, await Drawn(node, "random_sample(0.1)", seed: 1));
        Assert.NotEqual(first, await Drawn(node, "random_sample(0.1)", seed: 2));
    }

    private static async Task<List<long>> Drawn(Node node, string filter, ulong seed)
    {
        using var view = node.Open();
        var found = await view.Query(new() { Filter = Node.Filter(filter), SampleSeed = seed }, CancellationToken.None);
        return [.. found.Value.Keys.As<long>()];
    }
}
