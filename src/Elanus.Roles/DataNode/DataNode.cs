using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>The data node over one channel.</summary>
public sealed class DataNode(ILog log, ChannelFollower follower, DataState state, RequestGate requests) : IDataNode
{
    public ValueTask<Result<RequestOutcome?>> Find(RequestIdentity request, CancellationToken cancel) => requests.Find(request, cancel);

    /// <summary>Where the caller gives up, what was appended goes on, and its id is under way until it is committed.</summary>
    public async Task<Result<Written>> Write(Write write, CancellationToken cancel)
    {
        if (write.Request is not { } mark)
        {
            return (await Append().Until(cancel)).TryGet(out var record, out var failure) ? new Written(record.Timestamp, null) : failure;
        }

        var isFirst = false;
        var done = await requests.Once(
            mark,
            () =>
            {
                isFirst = true;
                return Append();
            },
            cancel).Until(cancel);
        return done.TryGet(out var outcome, out var refused) ? new Written(outcome.Timestamp, isFirst ? null : outcome) : refused;

        async Task<Result<Appended>> Append()
        {
            var encoded = DataRecordCodec.Encode(write);
            return await log.AppendAsync(new(encoded.Kind), encoded.Payload, ChannelFollower.AppendPatience, cancel);
        }
    }

    public async Task<Result<CollectionView>> OpenView(
        CollectionId collection,
        IReadOnlyList<PartitionId> partitions,
        Freshness freshness,
        Timestamp notBefore,
        CancellationToken cancel)
    {
        if (!(await Reach(freshness, cancel)).TryGet(out _, out var failure))
        {
            return failure;
        }

        var view = state.Find(collection) is { } data
            ? data.OpenView(partitions.Count == 0 ? null : partitions, notBefore)
            : Failure.Of(FailureCode.CollectionNotFound, ("collection", $"{collection}"));
        if (!view.Succeeded)
        {
            state.EnsureStands();
        }

        return view;
    }

    public Timestamp Seen => follower.AppliedTimestamp;

    public async ValueTask<Result<Unit>> Reach(Freshness freshness, CancellationToken cancel)
    {
        if (freshness.Level == ConsistencyLevel.Eventually)
        {
            return Result.Ok;
        }

        if (freshness.Level != ConsistencyLevel.Strong && follower.AppliedTimestamp >= freshness.Guarantee)
        {
            return Result.Ok;
        }

        // Alone in its set a node serves what need not be Strong, though the arbiter that would have to confirm a promise be lost. A guarantee may be of another's history.
        var reached = freshness.Level == ConsistencyLevel.Strong ? await log.ConfirmAsync(cancel)
            : freshness.Level == ConsistencyLevel.Bounded && log.CommittedAlone is { } alone ? alone
            : await log.PromiseAsync(freshness.Guarantee, cancel);
        if (reached.Failure?.Code == FailureCode.QuotaExceeded)
        {
            // A promise needs a record, and a full disk takes none. What was answered up to now is more than what was asked for.
            reached = await log.ConfirmAsync(cancel);
        }

        if (!reached.TryGet(out var position, out var failure))
        {
            return failure;
        }

        await follower.WaitFor(position, cancel);
        return Result.Ok;
    }
}
