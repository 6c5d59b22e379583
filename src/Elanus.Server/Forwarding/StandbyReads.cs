using Elanus.Milvus;
using Elanus.Primitives;
using Microsoft.AspNetCore.Http;

namespace Elanus.Server;

/// <summary>
/// Answers reads on a node that is not active (<c>cluster.reads</c>): those that <see cref="LocalReads"/> says it may. All others are the active's, as if this were not here. Any thread.
/// </summary>
/// <param name="local">Judges each read.</param>
/// <param name="here">Answers a call from them.</param>
/// <param name="elsewhere">Answers a call at the active.</param>
/// <param name="bodyBytesMax">Requests beyond it are not looked into.</param>
/// <param name="bodies">What the memory of requests is taken of: what the calls that wait for the active hold.</param>
internal sealed class StandbyReads(LocalReads local, RequestDelegate here, RequestDelegate elsewhere, long bodyBytesMax, SharedBudget bodies)
{
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

        if (!(await HeldBody.Read(http.Request.BodyReader, http.Request.ContentLength, bodyBytesMax, bodies, http.RequestAborted)).TryGet(out var body, out var failure))
        {
            await (failure.Code == FailureCode.ParameterTooLarge ? FailedCalls.Answer(http, failure) : FailedCalls.Refuse(http, failure.Sentence));
            return;
        }

        using var held = body;
        var target = ReadTarget.Of(http.Request, body.Bytes.Span);
        var isOwn = target is not null
            && await local.Answers(target.Database, target.Collection, target.Partitions, target.Consistency.Level, target.Consistency.Guarantee, http.RequestAborted);

        // Whoever passes it on finds it read and counted.
        http.Features.Set(body);
        http.Request.Body = body.Open();
        if (isOwn)
        {
            Interlocked.Increment(ref answered);
        }

        await (isOwn ? here : elsewhere)(http);
    }
}
