using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Roles.Tests;

public sealed class CheckpointFilesTests
{
    private const string Folder = "/checkpoints";

    [Fact]
    public async Task This_version_writes_the_golden_file()
    {
        var files = new MemoryFileSystem();
        await using var state = SampleState.Filled();
        Assert.Equal(Golden().Length, (await state.Write(await Open(files))).Value);
        Assert.Equal(Convert.ToHexString(Golden()), Convert.ToHexString(await Content(files)));
    }

    [Fact]
    public async Task This_version_reads_the_golden_file()
    {
        var files = new MemoryFileSystem();
        await Put(files, Golden());
        await using var work = new PooledWork(1);
        using var checkpoint = (await (await Open(files)).OpenAsync(SampleState.Name, work, default)).Value;
        Assert.Equal(SampleState.Stamp, checkpoint.Timestamp);
        await using var restored = new SampleState();
        await restored.Restore(checkpoint);
        await using var original = SampleState.Filled();
        Assert.Equal(original.Data.Hash(), restored.Data.Hash());
        Assert.Equal(SampleState.Name.Position, restored.Data.AppliedPosition);
        Assert.Equal("kites", restored.Metadata.Current.Root.Find(new(1), "birds")!.Name);

        // Written again it is the same file: nothing got lost on the way.
        var again = new MemoryFileSystem();
        await restored.Write(await Open(again));
        Assert.Equal(Convert.ToHexString(Golden()), Convert.ToHexString(await Content(again)));
    }

    [Fact]
    public async Task A_bit_that_flips_anywhere_is_found()
    {
        for (var at = 0; at < Golden().Length; at += 13)
        {
            var files = new MemoryFileSystem();
            var damaged = Golden();
            damaged[at] ^= 4;
            await Put(files, damaged);
            await using var work = new PooledWork(1);
            var opened = await (await Open(files)).OpenAsync(SampleState.Name, work, default);
            Assert.False(opened.Succeeded, $"a flip at {at} was not seen");
            Assert.Contains(SampleState.Name.ToString(), opened.Failure.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Names_of_files_are_read_from_a_list_that_is_whole_or_not_at_all()
    {
        var whole = new MemoryFileSystem();
        await Put(whole, Golden());
        var names = (await (await Open(whole)).FilesOfAsync(SampleState.Name, default))!;
        var read = 0;
        for (var at = 0; at < Golden().Length; at += 3)
        {
            var files = new MemoryFileSystem();
            var damaged = Golden();
            damaged[at] ^= 4;
            await Put(files, damaged);
            if (await (await Open(files)).FilesOfAsync(SampleState.Name, default) is { } found)
            {
                Assert.Equal(names, found);
                read++;
            }
        }

        Assert.True(read < Golden().Length / 3, "no flip was seen");
    }

    [Fact]
    public async Task A_file_under_another_name_and_a_missing_one_are_refused()
    {
        var files = new MemoryFileSystem();
        var other = SampleState.Name with { Position = new(SampleState.Channel, 21) };
        await Put(files, Golden(), other);
        await using var work = new PooledWork(1);
        var checkpoints = await Open(files);
        Assert.Equal([other], await checkpoints.ListAsync(default));
        Assert.Contains("belongs under another name", (await checkpoints.OpenAsync(other, work, default)).Failure!.Sentence, StringComparison.Ordinal);
        Assert.Contains("is gone", (await checkpoints.OpenAsync(SampleState.Name, work, default)).Failure!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_a_failure_and_leaves_nothing()
    {
        var files = new MemoryFileSystem();
        var checkpoints = await Open(files);
        files.Faults.CapacityBytes = files.UsedBytes + 1000;
        await using var state = SampleState.Filled();
        Assert.Equal(FailureCode.QuotaExceeded, (await state.Write(checkpoints)).Failure!.Code);
        Assert.Empty((await files.ListAsync(Folder, default))!);
    }

    [Fact]
    public async Task A_checkpoint_whose_rows_do_not_fit_is_not_begun()
    {
        var files = new MemoryFileSystem();
        var checkpoints = await Open(files);
        files.Faults.CapacityBytes = files.UsedBytes + 10_000;
        var made = 0;
        using var large = new Large(() => made++);
        await using var work = new PooledWork(1);
        Assert.Equal(FailureCode.QuotaExceeded, (await checkpoints.WriteAsync(SampleState.Name, SampleState.Stamp, [large], work, default)).Failure?.Code);
        Assert.Equal(0, made);
        files.Faults.CapacityBytes = long.MaxValue;
        Assert.True((await checkpoints.WriteAsync(SampleState.Name, SampleState.Stamp, [large], work, default)).Succeeded);
        Assert.Equal(1, made);
    }

    [Fact]
    public async Task What_a_checkpoint_says_that_its_rows_need_is_less_than_it_has()
    {
        await using var state = SampleState.Filled();
        using var captured = new DataCheckpoint(state.Data).Capture();
        Assert.InRange(captured.BytesMin, 100, Golden().Length);
    }

    private sealed class Large(Action making) : ICapturedState
    {
        private const int Bytes = 20_000;

        public IReadOnlyList<CheckpointSection> Sections => [new("large", Parts())];

        public long BytesMin => Bytes;

        public void Dispose()
        {
        }

        private IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Parts()
        {
            making();
            yield return [new byte[Bytes]];
        }
    }

    private static async Task<CheckpointFiles> Open(MemoryFileSystem files) =>
        new((await DirectorySegmentStore.OpenAsync(files, Folder, default)).Value, SampleState.Channel);

    private static async Task Put(MemoryFileSystem files, byte[] content, CheckpointName? name = null)
    {
        await files.CreateDirectoryAsync(Folder, default);
        await using var file = (await files.CreateAsync($"{Folder}/{name ?? SampleState.Name}", default)).Value;
        Assert.True((await file.WriteDurablyAsync(0, [content], default)).Succeeded);
    }

    private static async Task<byte[]> Content(MemoryFileSystem files)
    {
        await using var file = (await files.OpenAsync($"{Folder}/{SampleState.Name}", FileIntent.Read, default))!;
        var bytes = new byte[await file.LengthAsync(default)];
        await file.ReadAsync(0, bytes, default);
        return bytes;
    }

    private static byte[] Golden()
    {
        using var stream = typeof(CheckpointFilesTests).Assembly.GetManifestResourceStream("format-1.checkpoint")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
