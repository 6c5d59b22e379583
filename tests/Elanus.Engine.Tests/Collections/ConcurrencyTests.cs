using Elanus.Primitives;

namespace Elanus.Engine.Tests;

/// <summary>Readers on other threads, while one applier goes on: each view is a state between two records.</summary>
public class ConcurrencyTests
{
    private const int Keys = 200;
    private const int Records = 400;

    [Fact]
    public async Task No_view_shows_a_key_twice_or_loses_one()
    {
        // Every record replaces a slice of the keys by newer rows, by upsert or by plain insert, and segments are sealed in between: at any
        // moment each key must stand once, and the generations of all keys written together must agree.
        await using var node = new Node(new PoolWork());
        node.Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, Slice(0, Keys, 0)));
        var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(r => Task.Run(async () =>
        {
            var reads = 0;
            while (!done.IsCancellationRequested || reads == 0)
            {
                await Read(node, r);
                reads++;
            }

            return reads;
        })).ToArray();
        var random = new Random(3);
        for (var i = 1; i <= Records && !readers.Any(r => r.IsFaulted); i++)
        {
            var slice = Slice(random.Next(4) * (Keys / 4), Keys / 4, i);
            var partition = random.Next(8) == 0 ? Sample.P2 : Sample.P1;
            node.Apply(i % 3 == 0 ? Sample.Upsert(partition, slice) : Sample.Insert(partition, slice));
            if (random.Next(20) == 0)
            {
                node.Apply(Seal.All(Sample.Collection));
            }
        }

        await done.CancelAsync();
        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0));
        Assert.Equal(Keys, (await node.Rows()).Count);
    }

    private static async Task Read(Node node, int reader)
    {
        using var view = node.Open();
        if (reader == 2)
        {
            var found = (await view.Search(Node.Spec([0, 0, 0, 0], Keys * 2), CancellationToken.None)).Value;
            Assert.Equal(Enumerable.Range(0, Keys).Select(k => (long)k), Node.Keys(found.Keys).Order());
            return;
        }

        var rows = await Node.Rows(view, reader == 0 ? "" : $"id in [{string.Join(',', Enumerable.Range(0, Keys))}]");
        Assert.Equal(Enumerable.Range(0, Keys).Select(k => (long)k), rows.Select(r => r.Key));
        foreach (var quarter in rows.Chunk(Keys / 4))
        {
            Assert.Single(quarter.Select(r => r.Number).Distinct());
        }
    }

    private static (long, int)[] Slice(int first, int count, int generation) => [.. Enumerable.Range(first, count).Select(k => ((long)k, generation))];
}
