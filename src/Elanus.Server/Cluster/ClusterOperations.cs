using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Server;

/// <summary>An operator's wishes, done by the replica, and what became of them as far as it shows within a few seconds.</summary>
internal sealed class ClusterOperations(StandaloneNode node, ReplicatedLog replica, Action holdCalls, Action answerCalls, TimeProvider time) : IClusterOperations
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    public async Task<OperationOutcome> Switchover(NodeId? to, CancellationToken cancel)
    {
        if (!replica.State.IsActive)
        {
            return new() { Sentence = $"this node is not active; ask {replica.State.Active?.Address ?? "the active, once there is one"}" };
        }

        // New calls wait here, and are passed on to the next active; those in progress end first.
        holdCalls();
        var said = replica.State.Sentences.Length;
        replica.HandOver(to);
        if (await Until(() => node.Death.IsCompleted || replica.State.Sentences.Length > said, cancel) && node.Death.IsCompleted)
        {
            return new() { Done = true, Sentence = "another member has claimed; this node returns as a standby" };
        }

        answerCalls();
        return new() { Sentence = replica.State.Sentences.FirstOrDefault() ?? $"nobody took over within {Patience.TotalSeconds:0} s" };
    }

    public async Task<OperationOutcome> Promote(CancellationToken cancel)
    {
        var said = replica.State.Sentences.FirstOrDefault();
        replica.Force();
        await Until(() => node.Active.IsCompletedSuccessfully || replica.State.Sentences.FirstOrDefault() != said, cancel);
        return node.Active.IsCompletedSuccessfully
            ? new() { Done = true, Sentence = $"this node is active under {replica.State.Epoch}" }
            : new() { Sentence = replica.State.Sentences.FirstOrDefault() ?? $"it did not become active within {Patience.TotalSeconds:0} s" };
    }

    public async Task<OperationOutcome> Remove(NodeId gone, CancellationToken cancel)
    {
        if (!replica.State.IsActive)
        {
            return new() { Sentence = $"this node is not active; ask {replica.State.Active?.Address ?? "the active, once there is one"}" };
        }

        replica.Remove(gone);
        return await Until(() => replica.State.InSync.All(member => member.Node != gone), cancel)
            ? new() { Done = true, Sentence = $"node {gone} is not in the in-sync set" }
            : new() { Sentence = $"node {gone} is still in the in-sync set after {Patience.TotalSeconds:0} s" };
    }

    private async Task<bool> Until(Func<bool> condition, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        while (!condition())
        {
            if (time.GetElapsedTime(started) > Patience)
            {
                return false;
            }

            await Task.Delay(LookAgain, time, cancel);
        }

        return true;
    }
}
