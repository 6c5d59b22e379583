using System.Runtime.CompilerServices;
using System.Text;

namespace Elanus.Coordination;

/// <summary>
/// The arbiter in a directory that all nodes mount: see this folder's README. One operation at a time, so that a share that hangs holds one thread;
/// an operation that was begun goes on when its caller gives up. Any thread may call it.
/// </summary>
public sealed class SharedDirectoryArbiter : IArbiter
{
    private const string AliveFile = "alive";

    /// <summary>How often a change or confirmation goes for the next number when others take the one it wanted.</summary>
    private const int AttemptsMax = 200;

    private readonly IFileSystem fileSystem;
    private readonly DirectoryFiles files;
    private readonly string root;
    private readonly SharedDirectoryOptions options;
    private readonly TimeProvider time;
    private readonly IRandomSource random;
    private readonly HintObserver hints;
    private readonly AsyncGate gate = new();
    private readonly Dictionary<string, RoleEntries> roles = [];
    private string? broken;

    /// <param name="files">The road to the disk.</param>
    /// <param name="root">The directory: it exists, on a share that all nodes mount.</param>
    /// <param name="options">The same on all nodes.</param>
    /// <param name="time">For expiry and polling.</param>
    /// <param name="random">For names; nobody else uses it at the same time.</param>
    public SharedDirectoryArbiter(IFileSystem files, string root, SharedDirectoryOptions options, TimeProvider time, IRandomSource random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.KeptEntries, 2);
        fileSystem = files;
        this.files = new(files);
        this.root = root;
        this.options = options;
        this.time = time;
        this.random = random;
        hints = new(time);
    }

    public string Name => $"dir:{root}";

    public Failure? WhyUnknown { get; private set; }

    public ValueTask<Result<StoredRecord?>> ReadAsync(string role, CancellationToken cancel) =>
        Answer<StoredRecord?>(async () => (await Entries(role).HeadAsync(makeDurable: true)).TryGet(out var head, out var why) ? Result<StoredRecord?>.Ok(head?.Stored) : why, cancel);

    public ValueTask<ChangeOutcome> ChangeAsync(string role, RecordVersion version, RoleRecord next, ChangeNonce nonce, CancellationToken cancel) =>
        Attempt(() => ChangeOnceAsync(Entries(role), version, next, nonce), cancel);

    public ValueTask<ChangeOutcome> ConfirmAsync(string role, RecordVersion version, ChangeNonce nonce, CancellationToken cancel) =>
        Attempt(() => ConfirmOnceAsync(Entries(role), version, nonce), cancel);

    public ValueTask<Result<Unit>> AnnounceAsync(string role, AliveNote note, TimeSpan lifetime, CancellationToken cancel) => Answer(
        async () =>
        {
            await Entries(role).ReplaceAsync(AliveFile, RecordText.Of(note, new(random.NextUInt64(), random.NextUInt64()), lifetime));
            return Result.Ok;
        },
        cancel);

    public ValueTask<Result<Unit>> WithdrawAsync(string role, Epoch epoch, CancellationToken cancel) => Answer(
        async () =>
        {
            if ((await ReadHintAsync(role))?.Note.Epoch == epoch)
            {
                await files.DeleteAsync(Path.Combine(Folder(role), AliveFile));
            }

            return Result.Ok;
        },
        cancel);

    public ValueTask<Result<AliveNote?>> ReadAliveAsync(string role, CancellationToken cancel) =>
        Answer<AliveNote?>(async () => Result<AliveNote?>.Ok(hints.Observe(role, await ReadHintAsync(role))), cancel);

    public async IAsyncEnumerable<Unit> WatchAsync(string role, [EnumeratorCancellation] CancellationToken cancel)
    {
        // The first look has nothing to compare with, and what it sees may be new to the watcher.
        (RecordVersion, string?)? last = null;
        while (!cancel.IsCancellationRequested)
        {
            if ((await Answer(() => LookAsync(role), cancel)).TryGet(out var now, out _) && now != last)
            {
                last = now;
                yield return default;
            }

            await Waiting.UntilCancelled(Task.Delay(options.PollInterval, time, cancel), cancel);
        }
    }

    public ValueTask<Result<string>> ValueAsync(string role, string name, string proposed, CancellationToken cancel) => Answer<string>(
        async () =>
        {
            var file = $"value-{Uri.EscapeDataString(name)}";
            var path = Path.Combine(Folder(role), file);
            var there = await files.ReadAsync(path);
            if (there is null && await Entries(role).TryPublishAsync(file, Encoding.UTF8.GetBytes(proposed)))
            {
                return proposed;
            }

            return Encoding.UTF8.GetString(there ?? await files.ReadAsync(path) ?? throw new IOException($"{path} was there and is gone"));
        },
        cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<ChangeOutcome> ChangeOnceAsync(RoleEntries entries, RecordVersion version, RoleRecord next, ChangeNonce nonce)
    {
        for (var attempts = 0; attempts < AttemptsMax; attempts++)
        {
            if (!(await entries.HeadAsync(makeDurable: false)).TryGet(out var head, out var why))
            {
                return Unknown(why);
            }

            if ((head?.Stored.Version ?? RecordVersion.None) != version)
            {
                return ChangeOutcome.Refused;
            }

            var taking = await entries.TakeAsync(head, number => NumberedEntry.Change(head, number, next, nonce));
            if (taking != Taking.Lost)
            {
                return taking == Taking.Won ? ChangeOutcome.Done : Unknown(Unusable("others went on while this node slept"));
            }
        }

        return Unknown(Unusable("others took every number that it wanted"));
    }

    private async ValueTask<ChangeOutcome> ConfirmOnceAsync(RoleEntries entries, RecordVersion version, ChangeNonce nonce)
    {
        // A holder confirms again and again, and mostly nobody else took a number since.
        var head = entries.LastSeen;
        for (var attempts = 0; attempts < AttemptsMax; attempts++)
        {
            if (attempts > 0 || head is null || head.Stored.Version != version)
            {
                if (!(await entries.HeadAsync(makeDurable: false)).TryGet(out head, out var unreadable))
                {
                    return Unknown(unreadable);
                }

                if (head is null || head.Stored.Version != version)
                {
                    return ChangeOutcome.Refused;
                }
            }

            try
            {
                // A number that turns out to be unclear confirmed nothing and changed nothing: the next one may.
                if (await entries.TakeAsync(head, number => NumberedEntry.Confirmation(head, number, nonce)) == Taking.Won)
                {
                    return ChangeOutcome.Done;
                }
            }
            catch (IOException why) when (attempts == 0 && why is not FailedSyncException)
            {
                // What was seen last may be there no more, folder and all: look again.
                continue;
            }
        }

        return Unknown(Unusable("others took every number that it wanted"));
    }

    private async ValueTask<Result<(RecordVersion Version, string? Beat)>> LookAsync(string role)
    {
        if (!(await Entries(role).HeadAsync(makeDurable: false)).TryGet(out var head, out var why))
        {
            return why;
        }

        return (head?.Stored.Version ?? RecordVersion.None, (await ReadHintAsync(role))?.Beat);
    }

    /// <summary>What cannot be read is no hint: it is renamed into place without an fsync, so a file server that lost its power may have an empty one, which nobody will replace where its node is gone.</summary>
    private async ValueTask<AliveHint?> ReadHintAsync(string role)
    {
        var path = Path.Combine(Folder(role), AliveFile);
        return await files.ReadAsync(path) is { } text && RecordText.Alive(text, path).TryGet(out var hint, out _) ? hint : null;
    }

    private ValueTask<ChangeOutcome> Attempt(Func<ValueTask<ChangeOutcome>> operation, CancellationToken cancel) =>
        Bounded(operation, why => Unknown(Unusable(why)), cancel);

    private ValueTask<Result<T>> Answer<T>(Func<ValueTask<Result<T>>> operation, CancellationToken cancel) =>
        Bounded(operation, why => Result<T>.Fail(Unusable(why)), cancel);

    private ChangeOutcome Unknown(Failure why)
    {
        WhyUnknown = why;
        return ChangeOutcome.Unknown;
    }

    private Failure Unusable(string why) => new(FailureCode.Unavailable, $"the arbiter {Name} cannot be used: {why}");

    private async ValueTask<T> Bounded<T>(Func<ValueTask<T>> operation, Func<string, T> failed, CancellationToken cancel)
    {
        var running = Run();
        return await Waiting.UntilCancelled(running, cancel) ? await running : failed("it did not answer in time");

        async Task<T> Run()
        {
            if (!await gate.TryEnterAsync(cancel))
            {
                return failed("it is still busy with an earlier call");
            }

            try
            {
                return broken is not null ? failed(broken)
                    : await fileSystem.ListAsync(root, CancellationToken.None) is null ? failed("there is no such directory; is the share mounted?")
                    : await operation();
            }
            catch (FailedSyncException why)
            {
                // A directory's: what was not synced may be lost although a later sync succeeds.
                broken = $"{why.Message}: restart this node once the share is well";
                return failed(broken);
            }
            catch (IOException why)
            {
                return failed(why.Message);
            }
            finally
            {
                gate.Leave();
            }
        }
    }

    private RoleEntries Entries(string role)
    {
        if (!roles.TryGetValue(role, out var entries))
        {
            roles[role] = entries = new(files, Folder(role), options.KeptEntries, random, time);
        }

        return entries;
    }

    private string Folder(string role) => Path.Combine(root, $"role-{Uri.EscapeDataString(role)}");
}
