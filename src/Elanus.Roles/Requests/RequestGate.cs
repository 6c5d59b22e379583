using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>
/// Lets each call with an id take effect once: one that was done is answered from the table, one that is under way is waited for. Any thread.
/// </summary>
public sealed class RequestGate(RequestTable table, ChannelFollower follower)
{
    private readonly Lock gate = new();
    private readonly Dictionary<RequestId, TaskCompletionSource> underWay = [];

    // Committed, but perhaps not applied yet, and so not in the table.
    private readonly Dictionary<RequestId, RequestOutcome> fresh = [];
    private readonly Queue<RequestOutcome> freshOrder = new();

    /// <summary>What a call did, waiting for it while it is under way; null where it did nothing yet. Another content under the same id is a failure.</summary>
    public async ValueTask<Result<RequestOutcome?>> Find(RequestIdentity request, CancellationToken cancel)
    {
        while (true)
        {
            Task doing;
            lock (gate)
            {
                if (Known(request.Id) is { } known)
                {
                    return Same(known, request.Content) is { } another ? another : Result<RequestOutcome?>.Ok(known);
                }

                if (!underWay.TryGetValue(request.Id, out var done))
                {
                    return Result<RequestOutcome?>.Ok(null);
                }

                doing = done.Task;
            }

            await doing.Until(cancel);
        }
    }

    /// <summary>Does a call by appending its write, or answers what it did before: then nothing is appended.</summary>
    public async Task<Result<RequestOutcome>> Once(RequestMark mark, Func<Task<Result<Appended>>> append, CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (true)
        {
            var before = await Find(new(mark.Id, mark.Content), cancel);
            if (!before.TryGet(out var known, out var failure))
            {
                return failure;
            }

            if (known is { } first)
            {
                return first;
            }

            lock (gate)
            {
                if (Known(mark.Id) is null && underWay.TryAdd(mark.Id, done))
                {
                    break;
                }
            }
        }

        try
        {
            if (!(await append()).TryGet(out var appended, out var failure))
            {
                return failure;
            }

            var outcome = new RequestOutcome(mark, appended.Position, appended.Timestamp);
            lock (gate)
            {
                fresh[mark.Id] = outcome;
                freshOrder.Enqueue(outcome);
            }

            return outcome;
        }
        finally
        {
            lock (gate)
            {
                underWay.Remove(mark.Id);
            }

            // Whoever waits looks again: where this call did nothing, the next one does it.
            done.SetResult();
        }
    }

    private static Failure? Same(in RequestOutcome known, ulong content) => known.Mark.Content == content
        ? null
        : Failure.Invalid($"the request id {known.Mark.Id} was used for another request; an id is repeated only with the same request");

    private RequestOutcome? Known(RequestId id)
    {
        var applied = follower.Applied;
        while (freshOrder.TryPeek(out var first) && first.Position <= applied)
        {
            freshOrder.Dequeue();
            fresh.Remove(first.Mark.Id);
        }

        return fresh.TryGetValue(id, out var known) ? known : table.Find(id);
    }
}
