using Elanus.Primitives;
using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Log.Tests;

public sealed class GroupBuilderTests
{
    [Fact]
    public void Whatever_the_payloads_the_pieces_are_one_whole_group()
    {
        var builder = new GroupBuilder();
        Prop.ForAll<int[][]>(shapes => Scanned(builder, [.. shapes.Select(shape => shape.Select(Size).ToArray())])).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Large_payloads_are_written_from_where_they_are()
    {
        var builder = new GroupBuilder();
        builder.Clear();
        var payload = new byte[100_000];
        builder.Add(new(new(1, new(1, 1)), new(LogWorld.Channel, 1), new(1), LogWorld.Row, payload.Length, Crc32C.Of(payload)), [payload]);
        Assert.Contains(builder.Finish(new SegmentHeader(1, HistoryEnd.Empty(LogWorld.Channel)), 512, 512), piece => piece.Equals(payload.AsMemory()));
    }

    /// <summary>Mostly small, sometimes as large as needs pieces of its own, sometimes at the very limit.</summary>
    private static int Size(int drawn) => (drawn & 7) switch { 0 => 4096, 1 => 4097, 2 => Math.Abs(drawn % 70_000), _ => Math.Abs(drawn % 300) };

    private static bool Scanned(GroupBuilder builder, int[][] payloads)
    {
        var before = new HistoryEnd(new(LogWorld.Channel, 41), new(3, new(1, 2)), new(5), new(ulong.MaxValue));
        var segment = new SegmentHeader(77, before);
        builder.Clear();
        var position = before.Position;
        foreach (var sizes in payloads)
        {
            var pieces = sizes.Select(size => new ReadOnlyMemory<byte>([.. Enumerable.Repeat((byte)size, size)])).ToList();
            position = position.Next;
            builder.Add(new(before.Epoch, position, new(position.Number), LogWorld.Row, sizes.Sum(), Crc32C.Of(pieces)), pieces);
        }

        if (payloads.Length == 0)
        {
            return builder.Count == 0;
        }

        var group = builder.Finish(segment, 512, 512).SelectMany(piece => piece.ToArray()).ToArray();
        var scan = SegmentScan.Of([.. segment.ToBytes(), .. group], segment);
        return group.Length == builder.SpaceBytes && group.Length % 512 == 0 && scan.Fault is null && scan.End.Position == position;
    }
}
