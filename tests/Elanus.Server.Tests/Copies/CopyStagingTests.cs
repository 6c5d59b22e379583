using Elanus.Primitives;
using Elanus.Replication;

namespace Elanus.Server.Tests;

/// <summary>What is left of a file whose fetching was stopped: there for the next attempt as long as that wants the same file, and gone once the whole is found wrong. What does not fit is not begun.</summary>
public sealed class CopyStagingTests
{
    private const string Part = "/data/copy/segments/0000000000000001-00000001-00000001.cols.part";

    private static readonly CopyFile Wanted = new("segments/0000000000000001-00000001-00000001.cols", 4000, 7);

    private readonly MemoryFileSystem files = new();

    [Fact]
    public async Task The_next_attempt_goes_on_with_a_part()
    {
        await using var work = new PooledWork(1);
        var staging = new CopyStaging(files, "/data", work, roomLeft: 500);
        await Begun(staging);
        Assert.True((await staging.BeginAsync(new(1, 2, [Wanted]), default)).Succeeded);
        await using var again = (await staging.CreateAsync(Wanted, default)).Value;
        Assert.Equal(1000, await again.LengthAsync(default));
    }

    [Fact]
    public async Task A_part_that_nobody_wants_any_more_and_one_whose_whole_is_wrong_are_gone()
    {
        await using var work = new PooledWork(1);
        var staging = new CopyStaging(files, "/data", work, roomLeft: 500);
        await Begun(staging);
        Assert.True((await staging.BeginAsync(new(1, 2, []), default)).Succeeded);
        Assert.Null(await files.OpenAsync(Part, FileIntent.Read, default));
        await Begun(staging);
        await using (var again = (await staging.CreateAsync(Wanted, default)).Value)
        {
            Assert.Contains("was damaged where it came from, or on its way", (await staging.FinishAsync(Wanted, again, default)).Failure!.Sentence, StringComparison.Ordinal);
        }

        Assert.Null(await files.OpenAsync(Part, FileIntent.Read, default));
    }

    [Fact]
    public async Task A_copy_for_which_there_is_no_room_is_not_begun_and_what_was_gathered_counts()
    {
        await using var work = new PooledWork(1);
        var staging = new CopyStaging(files, "/data", work, roomLeft: 500);
        await Begun(staging);
        files.Faults.CapacityBytes = files.UsedBytes + 3499;
        var refused = (await staging.BeginAsync(new(1, 2, [Wanted]), default)).Failure!;
        Assert.Equal(FailureCode.QuotaExceeded, refused.Code);
        Assert.Contains("the copy lacks 3000 bytes and must leave 500, and 3499 are free", refused.Sentence, StringComparison.Ordinal);
        files.Faults.CapacityBytes++;
        Assert.True((await staging.BeginAsync(new(1, 2, [Wanted]), default)).Succeeded);
    }

    private static async Task Begun(CopyStaging staging)
    {
        Assert.True((await staging.BeginAsync(new(1, 2, [Wanted]), default)).Succeeded);
        await using var file = (await staging.CreateAsync(Wanted, default)).Value;
        Assert.Equal(0, await file.LengthAsync(default));
        Assert.True((await file.WriteAsync(0, [new byte[1000]], default)).Succeeded);
    }
}
