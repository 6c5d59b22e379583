using System.Collections.Immutable;

namespace Elanus.Coordination;

/// <summary>
/// What an arbiter inside this process keeps, shared by the arbiters of all nodes of a test or a simulated deployment. It models what a real
/// store does wrong too: it can restart, forget, and come back from an old copy (then numbers of versions are used again, as a restored store uses them).
/// Every call takes effect at once; what happens on the way to a store is <see cref="FaultyArbiter"/>'s. Any thread may call it.
/// </summary>
public sealed class InProcessStore(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly List<TaskCompletionSource> watchers = [];
    private InProcessImage state = InProcessImage.Empty;

    /// <summary>A copy of all that is kept, hints excepted.</summary>
    public InProcessImage Image()
    {
        lock (gate)
        {
            return state;
        }
    }

    /// <summary>Comes back from a copy taken earlier: what changed since then is forgotten. <see cref="InProcessImage.Empty"/> forgets all.</summary>
    public void Restore(InProcessImage image)
    {
        lock (gate)
        {
            state = image with { Alive = state.Alive.Clear() };
        }

        Signal();
    }

    /// <summary>As a store's new leader does: every hint lives for a whole lifetime from now.</summary>
    public void Restart()
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            state = state with { Alive = state.Alive.ToImmutableDictionary(pair => pair.Key, pair => pair.Value with { RenewedAt = now }) };
        }

        Signal();
    }

    internal StoredRecord? Read(string role)
    {
        lock (gate)
        {
            return state.Records.GetValueOrDefault(role);
        }
    }

    internal ChangeOutcome Change(string role, RecordVersion version, RoleRecord next, ChangeNonce nonce)
    {
        lock (gate)
        {
            if (VersionOf(role) != version)
            {
                return ChangeOutcome.Refused;
            }

            var taken = state.LastVersion + 1;
            state = state with { LastVersion = taken, Records = state.Records.SetItem(role, new(next, new(taken, nonce))) };
        }

        Signal();
        return ChangeOutcome.Done;
    }

    internal ChangeOutcome Confirm(string role, RecordVersion version)
    {
        lock (gate)
        {
            return version != RecordVersion.None && VersionOf(role) == version ? ChangeOutcome.Done : ChangeOutcome.Refused;
        }
    }

    internal void Announce(string role, AliveNote note, TimeSpan lifetime)
    {
        lock (gate)
        {
            state = state with { Alive = state.Alive.SetItem(role, new(note, lifetime, time.GetTimestamp())) };
        }

        Signal();
    }

    internal void Withdraw(string role, Epoch epoch)
    {
        lock (gate)
        {
            if (state.Alive.GetValueOrDefault(role)?.Note.Epoch != epoch)
            {
                return;
            }

            state = state with { Alive = state.Alive.Remove(role) };
        }

        Signal();
    }

    internal AliveNote? ReadAlive(string role)
    {
        lock (gate)
        {
            return state.Alive.GetValueOrDefault(role) is { } hint && time.GetElapsedTime(hint.RenewedAt) < hint.Lifetime ? hint.Note : null;
        }
    }

    internal string Value(string role, string name, string proposed)
    {
        lock (gate)
        {
            var key = (role, name);
            if (!state.Values.TryGetValue(key, out var there))
            {
                state = state with { Values = state.Values.Add(key, there = proposed) };
            }

            return there;
        }
    }

    /// <summary>Completes when anything has changed, or after a restart.</summary>
    internal Task NextSignal()
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            watchers.RemoveAll(watcher => watcher.Task.IsCompleted);
            watchers.Add(next);
        }

        return next.Task;
    }

    private RecordVersion VersionOf(string role) => state.Records.GetValueOrDefault(role)?.Version ?? RecordVersion.None;

    private void Signal()
    {
        TaskCompletionSource[] waiting;
        lock (gate)
        {
            waiting = [.. watchers];
            watchers.Clear();
        }

        foreach (var watcher in waiting)
        {
            watcher.TrySetResult();
        }
    }
}
