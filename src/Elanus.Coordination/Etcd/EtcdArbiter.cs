using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Elanus.Clients.Etcd;

namespace Elanus.Coordination;

/// <summary>
/// The arbiter in etcd. A record is one key, never leased; the number of its version is the revision at which the key was last changed, which an etcd that was restored from a
/// snapshot uses again: so the value, with the nonce in it, is compared too. A change is one transaction that compares both; a confirmation one that compares both and writes a key
/// beside. Hints are a leased key of their own. Any thread may call it.
/// </summary>
public sealed class EtcdArbiter(EtcdClient client, string prefix, TimeProvider time, IRandomSource random) : IArbiter
{
    private readonly HintObserver hints = new(time);
    private readonly AsyncGate leasing = new();
    private readonly Dictionary<string, Lease> leases = [];

    /// <summary>Each role's record as it was read last.</summary>
    private readonly ConcurrentDictionary<string, (RecordVersion Version, ReadOnlyMemory<byte> Text)> texts = [];

    public string Name => client.Name;

    public Failure? WhyUnknown { get; private set; }

    public async ValueTask<Result<StoredRecord?>> ReadAsync(string role, CancellationToken cancel) =>
        !(await client.GetAsync(RecordKey(role), cancel)).TryGet(out var entry, out var why) ? why
        : entry is null ? Result<StoredRecord?>.Ok(null)
        : Remembered(role, entry).TryGet(out var stored, out why) ? stored
        : why;

    public async ValueTask<ChangeOutcome> ChangeAsync(string role, RecordVersion version, RoleRecord next, ChangeNonce nonce, CancellationToken cancel)
    {
        if (!(await IfStill(role, version, cancel)).TryGet(out var still, out var why))
        {
            return Unknown(why);
        }

        var key = RecordKey(role);
        var commit = await client.CommitAsync(still.Put(key, RecordText.Of(next, nonce)).ElseGet(key).MayRepeat(), cancel);
        return commit.Outcome switch
        {
            EtcdOutcome.Done => ChangeOutcome.Done,
            // A silent member may have taken it, and what answered is the second.
            EtcdOutcome.Refused when commit.Found is [{ } there] && Stored(there).TryGet(out var stored, out _) && stored.Nonce == nonce => ChangeOutcome.Done,
            // It may have taken effect and been followed by another's change.
            EtcdOutcome.Refused => commit.Repeated ? Unknown(new(FailureCode.Unavailable, $"the arbiter {Name} refused a change that it may have taken before")) : ChangeOutcome.Refused,
            _ => Unknown(commit.Failure),
        };
    }

    public async ValueTask<ChangeOutcome> ConfirmAsync(string role, RecordVersion version, ChangeNonce nonce, CancellationToken cancel)
    {
        if (version == RecordVersion.None)
        {
            return ChangeOutcome.Refused;
        }

        if (!(await IfStill(role, version, cancel)).TryGet(out var still, out var why))
        {
            return Unknown(why);
        }

        var commit = await client.CommitAsync(still.Put(Key(role, "confirmed"), Encoding.ASCII.GetBytes(nonce.ToString())).MayRepeat(), cancel);
        return commit.Outcome switch
        {
            EtcdOutcome.Done => ChangeOutcome.Done,
            EtcdOutcome.Refused => ChangeOutcome.Refused,
            _ => Unknown(commit.Failure),
        };
    }

    public async ValueTask<Result<Unit>> AnnounceAsync(string role, AliveNote note, TimeSpan lifetime, CancellationToken cancel)
    {
        if (!await leasing.TryEnterAsync(cancel))
        {
            return new Failure(FailureCode.Unavailable, $"the arbiter {Name} is still busy with the last renewal");
        }

        try
        {
            return await AnnounceInTurnAsync(role, note, lifetime, cancel);
        }
        finally
        {
            leasing.Leave();
        }
    }

    public async ValueTask<Result<Unit>> WithdrawAsync(string role, Epoch epoch, CancellationToken cancel)
    {
        if (!await leasing.TryEnterAsync(cancel))
        {
            return new Failure(FailureCode.Unavailable, $"the arbiter {Name} is still busy with the last renewal");
        }

        try
        {
            var withdrawn = await WithdrawInTurnAsync(role, epoch, cancel);
            if (!withdrawn.Succeeded || leases.GetValueOrDefault(role) is not { } lease || lease.Epoch != epoch)
            {
                return withdrawn;
            }

            leases.Remove(role);
            return await client.RevokeAsync(lease.Id, cancel);
        }
        finally
        {
            leasing.Leave();
        }
    }

    public async ValueTask<Result<AliveNote?>> ReadAliveAsync(string role, CancellationToken cancel)
    {
        var key = AliveKey(role);
        if (!(await client.GetAsync(key, cancel)).TryGet(out var entry, out var why))
        {
            return why;
        }

        if (entry is null)
        {
            return Result<AliveNote?>.Ok(hints.Observe(role, null));
        }

        // The lease's life is rounded up to seconds, and starts anew with each of the cluster's leaders: the reader's own watch is sharper.
        return RecordText.Alive(entry.Value, key).TryGet(out var hint, out why) ? hints.Observe(role, hint) : why;
    }

    public async IAsyncEnumerable<Unit> WatchAsync(string role, [EnumeratorCancellation] CancellationToken cancel)
    {
        ImmutableArray<string> keys = [RecordKey(role), AliveKey(role)];
        await foreach (var signal in client.WatchAsync(keys, cancel))
        {
            yield return signal;
        }
    }

    public async ValueTask<Result<string>> ValueAsync(string role, string name, string proposed, CancellationToken cancel)
    {
        var key = Key(role, $"value/{Uri.EscapeDataString(name)}");
        var commit = await client.CommitAsync(new EtcdTransaction().IfModifiedAt(key, 0).Put(key, Encoding.UTF8.GetBytes(proposed)).ElseGet(key).MayRepeat(), cancel);
        return commit.Failure is { } why ? why : commit.Outcome == EtcdOutcome.Done ? proposed : Encoding.UTF8.GetString(commit.Found[0].Value.Span);
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    /// <summary>The comparison with a version. Whoever has read it, as all do who ask, compares with what was read.</summary>
    private async ValueTask<Result<EtcdTransaction>> IfStill(string role, RecordVersion version, CancellationToken cancel)
    {
        var key = RecordKey(role);
        var still = new EtcdTransaction().IfModifiedAt(key, version.Number);
        if (version == RecordVersion.None)
        {
            return still;
        }

        if (!texts.TryGetValue(role, out var read) || read.Version != version)
        {
            if (!(await client.GetAsync(key, cancel)).TryGet(out var entry, out var why))
            {
                return why;
            }

            // Where it stands no more, no text can be its: no record is empty.
            var stands = entry is not null && Remembered(role, entry).TryGet(out var stored, out _) && stored.Version == version;
            read = (version, stands ? entry!.Value : default);
        }

        return still.IfValueIs(key, read.Text);
    }

    private ChangeOutcome Unknown(Failure? why)
    {
        WhyUnknown = why;
        return ChangeOutcome.Unknown;
    }

    private async ValueTask<Result<Unit>> AnnounceInTurnAsync(string role, AliveNote note, TimeSpan lifetime, CancellationToken cancel)
    {
        var lease = leases.GetValueOrDefault(role);
        if (lease is null || lease.Epoch != note.Epoch || lease.Asked != lifetime || time.GetElapsedTime(lease.Renewed) >= lifetime)
        {
            // A lease that was not renewed for so long is as good as gone, and lies on no key that lives.
            if (!(await client.GrantAsync(lifetime, cancel)).TryGet(out var id, out var refused))
            {
                return refused;
            }

            leases[role] = lease = new(id, note.Epoch, lifetime, time.GetTimestamp());
        }
        else if (time.GetElapsedTime(lease.Renewed) > lifetime / 3)
        {
            if (!(await client.KeepAliveAsync(lease.Id, cancel)).TryGet(out var left, out var lost) || left == TimeSpan.Zero)
            {
                leases.Remove(role);
                return lost ?? new Failure(FailureCode.Unavailable, $"the lease of the hint at {Name} has run out; the next renewal takes a new one");
            }

            leases[role] = lease = lease with { Renewed = time.GetTimestamp() };
        }

        var beat = new ChangeNonce(random.NextUInt64(), random.NextUInt64());
        var commit = await client.CommitAsync(new EtcdTransaction().Put(AliveKey(role), RecordText.Of(note, beat, lifetime), lease.Id), cancel);
        if (commit.Failure is { } why)
        {
            leases.Remove(role);
            return why;
        }

        return Result.Ok;
    }

    private async ValueTask<Result<Unit>> WithdrawInTurnAsync(string role, Epoch epoch, CancellationToken cancel)
    {
        var key = AliveKey(role);
        if (!(await client.GetAsync(key, cancel)).TryGet(out var entry, out var why))
        {
            return why;
        }

        if (entry is null || !RecordText.Alive(entry.Value, key).TryGet(out var hint, out _) || hint.Note.Epoch != epoch)
        {
            return Result.Ok;
        }

        // Refused: renewed, or another's, in between. The process that ended renews no more, so a second withdrawal finds it still.
        var commit = await client.CommitAsync(new EtcdTransaction().IfModifiedAt(key, entry.ModRevision).Delete(key).MayRepeat(), cancel);
        return commit.Failure is { } failure ? failure : Result.Ok;
    }

    private Result<StoredRecord> Remembered(string role, EtcdEntry entry)
    {
        var stored = Stored(entry);
        if (stored.Succeeded)
        {
            texts[role] = (stored.Value.Version, entry.Value);
        }

        return stored;
    }

    private Result<StoredRecord> Stored(EtcdEntry entry) => RecordText.Stored(entry.Value, entry.ModRevision, $"the key {entry.Key} at {Name}");

    private string RecordKey(string role) => Key(role, "record");

    private string AliveKey(string role) => Key(role, "alive");

    private string Key(string role, string of) => $"{prefix}/{Uri.EscapeDataString(role)}/{of}";

    private sealed record Lease(long Id, Epoch Epoch, TimeSpan Asked, long Renewed);
}
