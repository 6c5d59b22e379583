using Elanus.Primitives;
using Elanus.Replication;
using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>Writes to the log what a replica's state tells an operator: who is active and why, who is in sync, and its sentences, from the first one on. Any thread.</summary>
internal sealed class ClusterJournal
{
    private readonly Lock gate = new();
    private readonly NodeId self;
    private readonly ReplicatedLog replica;
    private readonly ILogger log;
    private ReplicaState told = ReplicaState.Unknown;

    private ClusterJournal(NodeId self, ReplicatedLog replica, ILogger log)
    {
        this.self = self;
        this.replica = replica;
        this.log = log;
    }

    /// <summary>Tells what the replica has said since it began, and goes on telling.</summary>
    public static void Begin(NodeId self, ReplicatedLog replica, ILogger log)
    {
        var journal = new ClusterJournal(self, replica, log);
        replica.Changed += _ => journal.Take();
        replica.AppendWasSlow += sentence => ServerLog.Peer(log, sentence);
        journal.Take();
    }

    private void Take()
    {
        lock (gate)
        {
            // The newest, so that of two calls the later one never tells of an older state.
            Tell(replica.State);
        }
    }

    private void Tell(ReplicaState state)
    {
        var before = told;
        told = state;
        if (state.Turns.Length > 0 && (before.Turns.Length == 0 || before.Turns[0] != state.Turns[0]))
        {
            var turn = state.Turns[0];
            ServerLog.Turned(log, turn.Epoch, turn.Holder.Address, turn.Why);
        }

        if (!before.InSync.SequenceEqual(state.InSync))
        {
            ServerLog.SetChanged(log, state.Epoch, string.Join(", ", state.InSync.Select(member => member.Address)));
        }

        if (ClusterStatus.IsAlone(state) && !ClusterStatus.IsAlone(before))
        {
            ServerLog.Alone(log, self, ClusterStatus.AloneSentence);
        }

        if (state is { IsActive: true, AcceptsWrites: false } && before is not { IsActive: true, AcceptsWrites: false })
        {
            ServerLog.NoWrites(log, self, replica.WhyNoWrites);
        }

        var last = before.Sentences.FirstOrDefault();
        foreach (var sentence in state.Sentences.TakeWhile(sentence => !ReferenceEquals(sentence, last)).Reverse())
        {
            ServerLog.Peer(log, sentence);
        }
    }
}
