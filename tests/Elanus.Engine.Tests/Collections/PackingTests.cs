using Elanus.Primitives;

namespace Elanus.Engine.Tests;

/// <summary>A segment's growing rows give way to packed ones at any moment, also while a record is being applied.</summary>
public class PackingTests
{
    [Fact]
    public async Task Keys_are_looked_up_in_rows_that_are_packed_meanwhile()
    {
        // The record's keys are read some number of times while it is applied: the packing ends before the first of them, the second, and so on.
        var reads = 0;
        for (var at = 1; at == 1 || at <= reads; at++)
        {
            var work = new ManualWork();
            await using var node = new Node(work).Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10), (2, 20), (3, 30))).Apply(Seal.All(Sample.Collection));
            Assert.Equal(1, work.Waiting);
            reads = 0;
            var keys = new ReadColumn(Sample.Keys(textKey: false, 1, 3), () =>
            {
                if (++reads == at)
                {
                    work.RunAll();
                }
            });

            // Nobody holds a view, as at a start: with the packing, the growing rows are gone.
            node.Collection.Apply(new(node.State.Channel, 9), new(9 << 4), new Write(Sample.Collection, 1, new(keys, []), []));

            Assert.Equal(0, work.Waiting);
            Assert.Equal([(2, 20)], await node.Rows());
        }

        Assert.True(reads > 2);
    }

    [Fact]
    public async Task What_memory_was_short_for_is_packed_when_it_is_tried_again()
    {
        var work = new ShortMemory();
        await using var node = new Node(work).Apply(Sample.Created()).Apply(Sample.Insert(Sample.P1, (1, 10), (2, 20))).Apply(Seal.All(Sample.Collection));
        Assert.Equal(1, work.Tried);
        node.State.RetryFiles();
        Assert.Equal(2, work.Tried);
        node.State.RetryFiles();
        Assert.Equal(2, work.Tried);
        Assert.Equal([(1, 10), (2, 20)], await node.Rows());
    }

    [Fact]
    public async Task Rows_that_shadow_others_find_them_while_those_are_packed()
    {
        // Two threads: sealed segments are packed by the pool while every record looks all of its keys up in them.
        const int keys = 60;
        await using var node = new Node(new PoolWork());
        node.Apply(Sample.Created());
        for (var i = 0; i < 120; i++)
        {
            (long, int)[] rows = [.. Enumerable.Range(0, keys).Select(k => ((long)k, i))];
            node.Apply(i % 2 == 0 ? Sample.Upsert(Sample.P1, rows) : Sample.Insert(i % 3 == 0 ? Sample.P2 : Sample.P1, rows)).Apply(Seal.All(Sample.Collection));
        }

        Assert.Equal(Enumerable.Range(0, keys).Select(k => ((long)k, 119)), await node.Rows());
    }

    /// <summary>Has no memory for the first piece of background work.</summary>
    private sealed class ShortMemory : IWorkScheduler
    {
        private readonly InlineWork inline = new();

        public int Parallelism => 1;

        public int Tried { get; private set; }

        public Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel) =>
            priority == WorkPriority.Background && Tried++ == 0 ? Task.FromException<T>(new InsufficientMemoryException()) : inline.Run(priority, work, cancel);
    }

    /// <summary>A column that tells whenever its values are read.</summary>
    private sealed class ReadColumn(ColumnBlock inner, Action told) : ColumnBlock
    {
        public override DataType Type => inner.Type;

        public override int Rows => inner.Rows;

        public override ReadOnlySpan<byte> Values
        {
            get
            {
                told();
                return inner.Values;
            }
        }

        public override ReadOnlySpan<uint> Offsets => inner.Offsets;

        public override ReadOnlySpan<ulong> Validity => inner.Validity;
    }
}
