using Elanus.Log.Tests;
using Elanus.Primitives;
using Elanus.Replication;

namespace Elanus.Server.Tests;

public sealed class DataDirectoryTests
{
    [Fact]
    public async Task A_flipped_bit_of_the_identity_is_refused()
    {
        var files = new MemoryFileSystem();
        var node = (await Identity(files)).Value;
        var length = (await files.ListAsync("/data", default))!.Single(entry => entry.Name == "node.json").Length;
        for (var bit = 0; bit < length * 8; bit++)
        {
            files.FlipBit("/data/node.json", bit / 8, bit % 8);
            var found = await Identity(files);
            Assert.True(!found.Succeeded || found.Value == node, $"bit {bit % 8} of byte {bit / 8} makes another node");
            files.FlipBit("/data/node.json", bit / 8, bit % 8);
        }

        Assert.Equal(node, (await Identity(files)).Value);
    }

    [Fact]
    public async Task A_path_that_no_directory_can_have_is_refused_with_a_sentence()
    {
        var files = new MemoryFileSystem();
        await using (var file = (await files.CreateAsync("/data", default)).Value)
        {
        }

        var refused = await Identity(files);
        Assert.StartsWith("/data cannot be the data directory: ", refused.Failure?.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_that_is_killed_at_any_step_of_its_beginning_leaves_nothing_that_a_server_serves()
    {
        var (step, isDone, marked) = (0, false, 0);
        while (!isDone)
        {
            step++;
            var (files, steps) = (new MemoryFileSystem(), 0);
            var killed = new TappedFileSystem(files)
            {
                Changed = () =>
                {
                    if (++steps == step)
                    {
                        throw new OperationCanceledException();
                    }
                },
            };
            try
            {
                await (await DataDirectory.BeginRestore(killed, "/data", new SeededRandom(1), default)).Value.DisposeAsync();
                isDone = true;
            }
            catch (OperationCanceledException)
            {
            }

            for (var seed = 0ul; seed <= 20; seed++)
            {
                var left = seed == 0 ? files : files.CrashImage(new SeededRandom(seed));
                var names = (await left.ListAsync("/data", default) ?? []).Select(entry => entry.Name).ToList();
                Assert.True(!names.Contains("node.json") || names.Contains("restore.unfinished"), $"killed at step {step}: {string.Join(", ", names)}");
                marked += names.Contains("restore.unfinished") ? 1 : 0;
            }
        }

        Assert.InRange(marked, 21, int.MaxValue);
    }

    /// <summary>The mark of a copy or of a repair, taken away by a process that was killed before it had synced that, must not come back behind a start that went on without it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mark_that_a_start_did_not_see_does_not_come_back_with_the_power(bool isCopy)
    {
        const string Newer = "/data/log/00000000000000000900.log";
        var sawNone = 0;
        for (var step = 1; ; step++)
        {
            var files = new MemoryFileSystem();
            var node = (await Identity(files)).Value;
            await (isCopy ? Copied(files) : GivenUp(files, node));
            var steps = 0;
            var killed = new TappedFileSystem(files)
            {
                Changed = () =>
                {
                    if (++steps == step)
                    {
                        throw new OperationCanceledException();
                    }
                },
            };
            try
            {
                Assert.True((await (isCopy ? CopyInstallation.Finish(killed, "/data", default) : RepairInstallation.Finish(killed, "/data", default))).Succeeded);
                break;
            }
            catch (OperationCanceledException)
            {
                sawNone += await IsMarked(files, isCopy) ? 0 : 1;
            }

            Assert.True((await Identity(files)).Succeeded);
            await Written(files, Newer);
            for (var seed = 1ul; seed <= 20; seed++)
            {
                var image = files.CrashImage(new SeededRandom(seed));
                Assert.True((await Identity(image)).Succeeded);
                await using var kept = await image.OpenAsync(Newer, FileIntent.Read, default);
                Assert.True(kept is not null, $"killed at step {step}: the mark came back, and took what was written since");
            }
        }

        Assert.InRange(sawNone, 2, int.MaxValue);
    }

    private static async Task<bool> IsMarked(MemoryFileSystem files, bool isCopy) =>
        (isCopy ? await CopyInstallation.Unfinished(files, "/data", default) : await RepairInstallation.Unfinished(files, "/data", default)) is not null;

    private static async Task Copied(MemoryFileSystem files)
    {
        await using var work = new PooledWork(1);
        var staging = new CopyStaging(files, "/data", work, roomLeft: 0);
        var plan = new CopyPlan(0, 2, [new("checkpoints/any", 1000, null)]);
        Assert.True((await staging.BeginAsync(plan, default)).Succeeded);
        await using (var file = (await staging.CreateAsync(plan.Files[0], default)).Value)
        {
            Assert.True((await file.WriteAsync(0, [new byte[1000]], default)).Succeeded);
            Assert.True((await staging.FinishAsync(plan.Files[0], file, default)).Succeeded);
        }

        Assert.True((await staging.InstallAsync(plan, new(new(3, default), 2), keptAs: null, default)).Succeeded);
    }

    private static async Task GivenUp(MemoryFileSystem files, NodeId node)
    {
        Assert.True((await files.CreateDirectoryAsync("/data/log", default)).Succeeded);
        await Written(files, "/data/log/00000000000000000001.log");
        Assert.True((await new RepairMark(node, new(node.Value + 1), new(3, default)).Write(files, "/data", default)).Succeeded);
    }

    private static async Task Written(MemoryFileSystem files, string path)
    {
        await using var file = (await files.CreateAsync(path, default)).Value;
        await file.SyncAsync(default);
        await files.SyncDirectoryAsync(Path.GetDirectoryName(path)!, default);
    }

    private static async Task<Result<NodeId>> Identity(MemoryFileSystem files)
    {
        if (!(await DataDirectory.Open(files, "/data", new SeededRandom(1), default)).TryGet(out var directory, out var failure))
        {
            return failure;
        }

        await using (directory)
        {
            return directory.Node;
        }
    }
}
