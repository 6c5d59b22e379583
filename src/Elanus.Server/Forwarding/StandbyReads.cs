using Elanus.Log;
using Elanus.Milvus;
using Elanus.Primitives;
using Elanus.Roles;
using Microsoft.AspNetCore.Http;

namespace Elanus.Server;

/// <summary>
/// Answers reads on a node that is not active (<c>cluster.reads</c>): those that are not Strong, whose names this node knows, and whose guarantee its state
/// reaches soon. All others are the active's, as if this were not here. Any thread.
/// </summary>
/// <param name="context">This node's roles.</param>
/// <param name="here">Answers a call from them.</param>
/// <param name="elsewhere">Answers a call at the active.</param>
/// <param name="bodyBytesMax">Requests beyond it are not looked into.</param>
/// <param name="time">The clock.</param>
internal sealed class StandbyReads(ProxyContext context, RequestDelegate here, RequestDelegate elsewhere, long bodyBytesMax, TimeProvider time)
{
    /// <summary>How long a read waits for this node's state before it goes to the active.</summary>
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromMilliseconds(500);

    private long answered;

    /// <summary>Reads that were answered here.</summary>
    public long Answered => Interlocked.Read(ref answered);

    public async Task Serve(HttpContext http)
    {
        if (http.Request.Headers.ContainsKey(ForwardingHeaders.Forwarded) || !ReadTarget.IsRead(http.Request.Path.Value ?? ""))
        {
            await elsewhere(http);
            return;
        }

        using var body = new MemoryStream();
        if (!await HeldCall.ReadBody(http, body, bodyBytesMax, http.RequestAborted))
        {
            await FailedCalls.Answer(http, new(FailureCode.ParameterTooLarge, $"the request is larger than {bodyBytesMax} bytes"));
            return;
        }

        var target = ReadTarget.Of(http.Request, body.GetBuffer().AsSpan(0, (int)body.Length));
        var isOwn = target is not null && await MayAnswer(target, http.RequestAborted);
        body.Position = 0;
        http.Request.Body = body;
        if (isOwn)
        {
            Interlocked.Increment(ref answered);
        }

        await (isOwn ? here : elsewhere)(http);
    }

    private async Task<bool> MayAnswer(ReadTarget target, CancellationToken cancel)
    {
        if (target.Consistency.Level == ConsistencyLevel.Strong || !Knows(target, out var collection))
        {
            return false;
        }

        var freshness = context.Freshness(collection, target.Consistency.Level, target.Consistency.Guarantee);
        if (freshness.Level == ConsistencyLevel.Strong)
        {
            return false;
        }

        using var patience = new CancellationTokenSource(CatchUpMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            // Names once more: what was there may be gone at that freshness.
            return (await context.Node.Reach(freshness, either.Token)).Succeeded && Knows(target, out _);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
        catch (LogDeadException)
        {
            // It was the active, drains, and learns nothing of the new one's history any more.
            return false;
        }
    }

    /// <summary>What is not known here may have been made at the active just now.</summary>
    private bool Knows(ReadTarget target, out CollectionInfo collection) =>
        context.Collection(target.Database, target.Collection).TryGet(out collection!, out _)
        && context.Metadata.Current.Loads.Of(collection.Id) is { } load
        && target.Partitions.All(Covered(collection, load));

    private static Func<string, bool> Covered(CollectionInfo collection, LoadInfo load) => name => collection.Partition(name) is { } partition && load.Covers(partition.Id);
}
