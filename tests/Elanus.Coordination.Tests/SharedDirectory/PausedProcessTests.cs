using Elanus.Coordination.Tests.Conformance;

namespace Elanus.Coordination.Tests.SharedDirectory;

/// <summary>A process that sleeps while the number that it is about to take is used by others, and deleted.</summary>
public sealed class PausedProcessTests
{
    private const string Root = "/share";
    private const string Role = "role";
    private const int Kept = 3;
    private readonly FileServer server = new();

    [Theory]
    [InlineData("link", true)]
    [InlineData("link", false)]
    [InlineData("create", true)]
    [InlineData("fsync", true)]
    [InlineData("fsync", false)]
    public async Task It_wins_nothing_when_it_wakes(string asleepBefore, bool founded)
    {
        var other = await Open((_, _) => Task.CompletedTask);
        var version = founded ? await Claim(other, RecordVersion.None, 1) : RecordVersion.None;
        var (asleep, wake) = (new TaskCompletionSource(), new TaskCompletionSource());
        var paused = await Open(async (operation, _) =>
        {
            if (operation == asleepBefore && asleep.TrySetResult())
            {
                await wake.Task;
            }
        });
        var late = paused.ChangeAsync(Role, version, Roles.Held(100, 100), Roles.Nonce(), Roles.Bound()).AsTask();
        await asleep.Task;

        for (var epoch = 2ul; epoch < 10; epoch++)
        {
            version = await Claim(other, version, epoch);
            Assert.Equal(ChangeOutcome.Done, await other.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));
        }

        wake.SetResult();
        Assert.NotEqual(ChangeOutcome.Done, await late);
        foreach (var arbiter in new[] { other, paused })
        {
            var read = (await arbiter.ReadAsync(Role, Roles.Bound())).Value!;
            Assert.Equal((9ul, version), (read.Record.Epoch.Number, read.Version));
            Assert.Equal(ChangeOutcome.Done, await arbiter.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));
        }

        Assert.True((await Entries()).Count <= Kept + 2, string.Join(", ", await Entries()));
    }

    [Fact]
    public async Task A_holder_that_slept_over_many_confirmations_confirms_nothing_old()
    {
        var other = await Open((_, _) => Task.CompletedTask);
        var asleep = new TaskCompletionSource();
        var wake = new TaskCompletionSource();
        var armed = false;
        var holder = await Open(async (operation, _) =>
        {
            if (armed && operation == "link" && asleep.TrySetResult())
            {
                await wake.Task;
            }
        });
        var version = await Claim(holder, RecordVersion.None, 1);
        armed = true;
        var late = holder.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()).AsTask();
        await asleep.Task;
        var next = await Claim(other, version, 2);
        for (var i = 0; i < 3 * Kept; i++)
        {
            Assert.Equal(ChangeOutcome.Done, await other.ConfirmAsync(Role, next, Roles.Nonce(), Roles.Bound()));
        }

        wake.SetResult();
        Assert.Equal(ChangeOutcome.Refused, await late);
    }

    [Fact]
    public async Task What_it_leaves_in_a_directory_that_was_emptied_meanwhile_is_passed_over()
    {
        var (asleep, wake) = (new TaskCompletionSource(), new TaskCompletionSource());
        var armed = false;
        var holder = await Open(async (operation, _) =>
        {
            if (armed && operation == "create" && asleep.TrySetResult())
            {
                await wake.Task;
            }
        });
        var version = await Claim(holder, RecordVersion.None, 1);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(ChangeOutcome.Done, await holder.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));
        }

        armed = true;
        var late = holder.ChangeAsync(Role, version, Roles.Held(77, 1), Roles.Nonce(), Roles.Bound()).AsTask();
        await asleep.Task;
        foreach (var name in await Entries())
        {
            await server.Disk.DeleteAsync($"{Root}/role-{Role}/{name}", default);
        }

        var other = await Open((_, _) => Task.CompletedTask);
        var anew = await Claim(other, RecordVersion.None, 2);
        wake.SetResult();
        Assert.NotEqual(ChangeOutcome.Done, await late);
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(ChangeOutcome.Done, await other.ConfirmAsync(Role, anew, Roles.Nonce(), Roles.Bound()));
        }

        Assert.Equal(2ul, (await holder.ReadAsync(Role, Roles.Bound())).Value!.Record.Epoch.Number);
    }

    [Fact]
    public async Task Files_are_bounded_and_the_oldest_go_first()
    {
        var (one, two) = (await Open((_, _) => Task.CompletedTask), await Open((_, _) => Task.CompletedTask));
        var version = await Claim(one, RecordVersion.None, 1);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(ChangeOutcome.Done, await (i % 3 == 0 ? two : one).ConfirmAsync(Role, version, Roles.Nonce(), Roles.Bound()));
        }

        var names = await Entries();
        var numbers = names.Where(name => name.Length == 20).Select(long.Parse).ToList();
        Assert.Equal(101, numbers[^1]);
        Assert.Equal(Enumerable.Range(0, numbers.Count).Select(i => numbers[0] + i), numbers);
        Assert.InRange(numbers.Count, Kept, Kept + 2);
        Assert.Equal(numbers.Count + 1, names.Count);
        Assert.Contains("founded", names);
    }

    [Fact]
    public async Task A_directory_that_was_emptied_by_half_is_told_and_not_taken_for_new()
    {
        var arbiter = await Open((_, _) => Task.CompletedTask);
        await Claim(arbiter, RecordVersion.None, 1);
        foreach (var name in (await Entries()).Where(name => name.Length == 20))
        {
            await server.Disk.DeleteAsync($"{Root}/role-{Role}/{name}", default);
        }

        Assert.Contains("gone", (await arbiter.ReadAsync(Role, Roles.Bound())).Failure?.Sentence, StringComparison.Ordinal);
        Assert.Equal(ChangeOutcome.Unknown, await arbiter.ChangeAsync(Role, RecordVersion.None, Roles.Held(1, 1), Roles.Nonce(), Roles.Bound()));
    }

    [Fact]
    public async Task A_share_that_is_not_mounted_and_one_that_was_tampered_with_are_sentences()
    {
        var nowhere = new SharedDirectoryArbiter(new MemoryFileSystem(), "/not/there", SharedDirectoryOptions.Default, TimeProvider.System, new SystemRandom());
        var failure = (await nowhere.ReadAsync(Role, Roles.Bound())).Failure;
        Assert.Equal(FailureCode.Unavailable, failure?.Code);
        Assert.Contains("dir:/not/there", failure!.Sentence, StringComparison.Ordinal);
        Assert.Equal(ChangeOutcome.Unknown, await nowhere.ChangeAsync(Role, RecordVersion.None, Roles.Held(1, 1), Roles.Nonce(), Roles.Bound()));
        Assert.Contains("is the share mounted", nowhere.WhyUnknown?.Sentence, StringComparison.Ordinal);

        var arbiter = await Open((_, _) => Task.CompletedTask);
        await Claim(arbiter, RecordVersion.None, 1);
        server.Disk.FlipBit($"{Root}/role-{Role}/{(await Entries())[0]}", 30, 2);
        Assert.Contains("damaged", (await arbiter.ReadAsync(Role, Roles.Bound())).Failure?.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_share_that_has_no_room_until_the_fsync_may_be_tried_again()
    {
        var arbiter = await Open((_, _) => Task.CompletedTask);
        var version = await Claim(arbiter, RecordVersion.None, 1);
        server.Disk.Faults.Sync = path => path.Contains("/.new-", StringComparison.Ordinal) ? SyncFate.Failed : SyncFate.Honest;
        Assert.Equal(ChangeOutcome.Unknown, await arbiter.ChangeAsync(Role, version, Roles.Held(2, 1), Roles.Nonce(), Roles.Bound()));
        Assert.Contains("could not be written", arbiter.WhyUnknown?.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(await Entries(), name => name.StartsWith(".new-", StringComparison.Ordinal));
        server.Disk.Faults.Sync = _ => SyncFate.Honest;
        Assert.Equal(ChangeOutcome.Done, await arbiter.ChangeAsync(Role, version, Roles.Held(2, 1), Roles.Nonce(), Roles.Bound()));
    }

    [Fact]
    public async Task A_hint_that_the_file_server_lost_is_no_hint()
    {
        var arbiter = await Open((_, _) => Task.CompletedTask);
        await Claim(arbiter, RecordVersion.None, 1);
        await (await server.Disk.CreateAsync($"{Root}/role-{Role}/alive", default)).Value.DisposeAsync();
        var alive = await arbiter.ReadAliveAsync(Role, Roles.Bound());
        Assert.True(alive.Succeeded && alive.Value is null, $"{alive.Failure}");
    }

    [Fact]
    public async Task A_share_that_hangs_costs_callers_their_bound_and_one_operation()
    {
        var hang = new TaskCompletionSource();
        var hanging = 0;
        var hangs = false;
        var arbiter = await Open(async (_, _) =>
        {
            if (hangs)
            {
                Interlocked.Increment(ref hanging);
                await hang.Task;
            }
        });
        var version = await Claim(arbiter, RecordVersion.None, 1);
        hangs = true;
        var late = Roles.Nonce();
        using var patience = new CancellationTokenSource();
        var change = arbiter.ChangeAsync(Role, version, Roles.Held(2, 1), late, patience.Token).AsTask();
        await Roles.Until(() => Task.FromResult(Volatile.Read(ref hanging)), count => count == 1);
        await patience.CancelAsync();
        Assert.Equal(ChangeOutcome.Unknown, await change);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(FailureCode.Unavailable, (await arbiter.ReadAsync(Role, Roles.Soon(20))).Failure?.Code);
            Assert.Equal(ChangeOutcome.Unknown, await arbiter.ConfirmAsync(Role, version, Roles.Nonce(), Roles.Soon(20)));
        }

        Assert.Equal(1, hanging);
        hangs = false;
        hang.SetResult();
        Assert.Equal(late, (await arbiter.ReadAsync(Role, Roles.Bound())).Value!.Nonce);
    }

    private static async Task<RecordVersion> Claim(IArbiter arbiter, RecordVersion version, ulong epoch)
    {
        Assert.Equal(ChangeOutcome.Done, await arbiter.ChangeAsync(Role, version, Roles.Held(epoch, epoch), Roles.Nonce(), Roles.Bound()));
        return (await arbiter.ReadAsync(Role, Roles.Bound())).Value!.Version;
    }

    private async Task<IArbiter> Open(Func<string, string, Task> before)
    {
        await server.Disk.CreateDirectoryAsync(Root, default);
        return new SharedDirectoryArbiter(server.Mount(before), Root, new() { KeptEntries = Kept }, TimeProvider.System, new SystemRandom());
    }

    private async Task<List<string>> Entries() => [.. (await server.Disk.ListAsync($"{Root}/role-{Role}", default))!.Select(entry => entry.Name)];
}
