using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine.Tests;

/// <summary>Column files hold every kind of column, are read in place, and are the same wherever and however often they are written.</summary>
public sealed class ColumnFileTests
{
    private static readonly SegmentPlace Place = new(new(7), new(11), 2, new(99));

    [Theory]
    [InlineData(1, false)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(700, true)]
    public async Task Every_type_is_read_back_in_place(int rows, bool textKey)
    {
        var schema = EveryType.Schema(textKey);
        var batch = EveryType.Batch(schema, rows, seed: rows);
        var disk = new MemoryFileSystem();
        await using var store = Stores.Open(disk);
        var packed = EveryType.Packed(schema, batch);
        await WriteAsync(store, "a.cols", packed);
        var mapped = new PackedRows(ColumnFile.Open((await store.OpenAsync("a.cols", Stores.Cancel))!, Place)!);
        Assert.Equal((packed.Rows, packed.Layout.KeyColumn), (mapped.Rows, mapped.Layout.KeyColumn));
        Assert.All(packed.Layout.Columns.Zip(mapped.Layout.Columns), pair => Assert.Equal(pair.First, pair.Second));
        for (var c = 0; c < packed.Layout.Columns.Length; c++)
        {
            var (want, got) = (packed.Chunk(0, rows).ColumnAt(c), mapped.Chunk(0, rows).ColumnAt(c));
            Assert.True(want.Values.SequenceEqual(got.Values) && want.Offsets.SequenceEqual(got.Offsets) && want.Validity.SequenceEqual(got.Validity), $"column {c}");
            Assert.All(Enumerable.Range(0, rows), row => Assert.Equal(batch.Columns[c].Values.IsValid(row), got.IsValid(row)));
        }

        for (var row = 0; row < rows; row++)
        {
            Assert.Equal(packed.TimestampAt(row), mapped.TimestampAt(row));
            Assert.Equal(packed.Newest(packed.KeyAt(row), rows), mapped.Newest(mapped.KeyAt(row), rows));
            Assert.Equal(packed.Older(row), mapped.Older(row));
        }

        Assert.True(IsAligned(mapped.Vectors(EveryType.FloatVector)));
        packed.Release();
        mapped.Release();
    }

    [Fact]
    public async Task The_bytes_follow_from_the_rows_alone()
    {
        var schema = EveryType.Schema(textKey: false);
        var batch = EveryType.Batch(schema, 900, seed: 5);
        var disk = new MemoryFileSystem();
        await using var store = Stores.Open(disk);
        var whole = EveryType.Packed(schema, batch);

        // The same rows came in other pieces, said that columns without a null may have some, and were packed once before.
        var pieces = EveryType.Packed(schema, batch, pieces: 37, validityAlways: true);
        var again = PackedRows.From(pieces, 900, Stores.Cancel);
        await WriteAsync(store, "a.cols", whole);
        await WriteAsync(store, "b.cols", pieces);
        await WriteAsync(store, "c.cols", again);
        var bytes = Convert.ToHexString(Stores.Content(disk, "a.cols"));
        Assert.Equal(bytes, Convert.ToHexString(Stores.Content(disk, "b.cols")));
        Assert.Equal(bytes, Convert.ToHexString(Stores.Content(disk, "c.cols")));
        foreach (var rows in (PackedRows[])[whole, pieces, again])
        {
            rows.Release();
        }
    }

    [Fact]
    public async Task A_file_of_another_segment_or_with_a_part_missing_is_refused()
    {
        var schema = EveryType.Schema(textKey: false);
        var disk = new MemoryFileSystem();
        await using var store = Stores.Open(disk);
        var packed = EveryType.Packed(schema, EveryType.Batch(schema, 10, seed: 1));
        await WriteAsync(store, "a.cols", packed);
        using var file = (await store.OpenAsync("a.cols", Stores.Cancel))!;
        Assert.Null(ColumnFile.Open(file, Place with { Segment = new(100) }));
        Assert.Null(ColumnFile.Open(file, Place with { Shard = 1 }));
        await using (var writer = (await store.CreateAsync("b.cols", StoredFileKind.Columns, ColumnFile.IdentityOf(Place), room: 0, Stores.Cancel)).Value)
        {
            await writer.WriteSectionAsync("segment", file.Find("segment")!.Value.Length, (at, into) => file.Span(file.Find("segment")!.Value, at, into.Length).CopyTo(into), Stores.Cancel);
            await writer.PublishAsync(Stores.Cancel);
        }

        using var partial = (await store.OpenAsync("b.cols", Stores.Cancel))!;
        Assert.Null(ColumnFile.Open(partial, Place));
        packed.Release();
    }

    private static async Task WriteAsync(ISegmentStore store, string name, PackedRows rows) =>
        Assert.True((await ColumnFile.Write(store, name, Place, rows.Parts, room: 0, Stores.Cancel)).Succeeded);

    private static unsafe bool IsAligned(NativeColumn column) => (nint)column.Block(0).Rows % 64 == 0;
}
