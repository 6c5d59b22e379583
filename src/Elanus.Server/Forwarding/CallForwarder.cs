using System.IO.Pipelines;
using System.Net.Sockets;
using Elanus.Milvus;
using Elanus.Primitives;
using Elanus.Rpc.Framing;
using Microsoft.AspNetCore.Http;

namespace Elanus.Server;

/// <summary>
/// Passes calls on to the active node, and holds them while none is known or the one that was known does not answer. Any thread.
/// Invariant: an attempt that may have been executed is followed by another one only where <see cref="CallNature"/> allows it.
/// </summary>
/// <param name="board">Who is active.</param>
/// <param name="limits">The bounds.</param>
/// <param name="http">The way to other nodes.</param>
/// <param name="scheme">Of their addresses.</param>
/// <param name="mark">Of their cluster.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Draws request ids.</param>
/// <param name="self">What answers here once this node is active.</param>
internal sealed class CallForwarder(
    ActiveBoard board, ForwardingLimits limits, HttpMessageInvoker http, string scheme, string mark, TimeProvider time, IRandomSource random, OwnAnswers? self = null)
{
    /// <summary>A node that refuses because it is not active yet is asked again after this time if no news come.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(10);

    /// <summary>A port that nobody listens on is tried again after twice the time each time, up to this.</summary>
    private static readonly TimeSpan AskAgainMax = TimeSpan.FromMilliseconds(100);

    /// <summary>An attempt that is not answered for so long counts as a call that waits.</summary>
    private static readonly TimeSpan Unanswered = TimeSpan.FromMilliseconds(250);

    /// <summary>What may not be repeated gets so long to be answered by an active that is no longer the active.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    /// <summary>A call from another node waits here so long for a takeover that has begun: asking again and again would take longer.</summary>
    private static readonly TimeSpan TakeoverMax = TimeSpan.FromMilliseconds(200);

    private static readonly StreamPipeReaderOptions ReplyPieces = new(bufferSize: 64 << 10);

    private readonly SharedBudget bodies = new(limits.HeldBytesMax, waitingMax: 0);
    private readonly Lock telling = new();
    private int held;
    private int waiting;

    /// <summary>Calls that wait here now, or are on their way.</summary>
    public int Held => Volatile.Read(ref held);

    /// <summary>Memory of what is held here.</summary>
    public SharedBudget Bodies => bodies;

    /// <summary>Calls wait here that the active does not answer, or wait no longer. Any thread; handlers return at once.</summary>
    public event Action<bool>? Waiting;

    public async Task Serve(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey(ForwardingHeaders.Forwarded))
        {
            if (await TookOver(context.RequestAborted))
            {
                await self!.Answer(context);
                return;
            }

            context.Response.Headers[ForwardingHeaders.NotActive] = "1";
            await FailedCalls.Refuse(context, "this node is not active" + Whereabouts());
            return;
        }

        if (limits.HeldMax == 0)
        {
            await FailedCalls.Refuse(context, $"this node is not active, and passes no calls on (cluster.forwarding is off){Whereabouts()}");
            return;
        }

        if (Interlocked.Increment(ref held) > limits.HeldMax)
        {
            Interlocked.Decrement(ref held);
            await FailedCalls.Refuse(context, $"more than {limits.HeldMax} calls wait here for the active node{Whereabouts()}");
            return;
        }

        try
        {
            await Pass(context);
        }
        finally
        {
            Interlocked.Decrement(ref held);
        }
    }

    /// <summary>Refuses what is not passed on, and says where the active is.</summary>
    public Task Refuse(HttpContext context) => FailedCalls.Refuse(context, $"this node is not active, and does not pass this call on{Whereabouts()}");

    /// <summary>Waits, where this node is about to be active, until it is; true then. Such a call is never passed on.</summary>
    private async Task<bool> TookOver(CancellationToken cancel)
    {
        if (self is not { } here || !here.TakesOver())
        {
            return false;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var late = Task.Delay(TakeoverMax, time, patience.Token);
        while (true)
        {
            var (active, changed) = board.Look();
            if (active == here.Address || late.IsCompleted || !here.TakesOver())
            {
                await patience.CancelAsync();
                return active == here.Address;
            }

            await Task.WhenAny(changed, late);
        }
    }

    private async Task Pass(HttpContext context)
    {
        var deadline = GrpcTimeout.TryParse(context.Request.Headers["grpc-timeout"].ToString(), out var asked) ? asked : (TimeSpan?)null;
        var started = time.GetTimestamp();
        if (!(await HeldCall.Read(context, limits.BodyBytesMax, bodies, random, context.RequestAborted)).TryGet(out var call, out var failure))
        {
            await (failure.Code == FailureCode.ParameterTooLarge ? FailedCalls.Answer(context, failure) : FailedCalls.Refuse(context, failure.Sentence + Whereabouts()));
            return;
        }

        using var held = call;
        var nature = CallNatures.Of(context.Request.Path.Value ?? "");
        var hold = deadline < limits.HoldMax ? deadline.Value : limits.HoldMax;
        using var patience = new CancellationTokenSource(hold, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        var maybeDone = false;
        var again = AskAgain;
        var isThere = true;
        while (true)
        {
            var (active, changed) = board.Look();
            if (active is not null && active == self?.Address)
            {
                // It became this node itself: no need to go through the port.
                call.Restore(context);
                await self.Answer(context);
                return;
            }

            if (active is not null)
            {
                var attempt = await Try(call, active, deadline - time.GetElapsedTime(started), nature, changed, context.RequestAborted);
                if (attempt.Reply is { } reply)
                {
                    using var body = attempt.Body!;
                    await ForwardedReply.Send(reply, body.Bytes, context);
                    reply.Dispose();
                    return;
                }

                if (attempt.NoRoom is { } full)
                {
                    await FailedCalls.Refuse(context, full);
                    return;
                }

                maybeDone |= attempt.MayBeDone;
                isThere = attempt.IsThere;
                if (attempt.MayBeDone && nature == CallNature.Change)
                {
                    await FailedCalls.Answer(context, Lost(active));
                    return;
                }
            }

            var news = await News(changed, active is null ? null : again, waiting.Token);
            again = changed.IsCompleted || isThere ? AskAgain : TimeSpan.FromTicks(Math.Min(again.Ticks * 2, AskAgainMax.Ticks));
            if (!news)
            {
                context.RequestAborted.ThrowIfCancellationRequested();
                await (maybeDone && nature != CallNature.Read
                    ? FailedCalls.Answer(context, Lost(active))
                    : FailedCalls.Refuse(context, $"no active node took the call within {hold.TotalSeconds:0.#} s{Whereabouts()}"));
                return;
            }
        }
    }

    /// <summary>
    /// One attempt. It ends early where the board names another active meanwhile: a node that hangs, or is cut off, would never answer; at once where the call may be repeated, or nothing of it was
    /// sent, for a connection to a host that is gone does not come about.
    /// </summary>
    private async Task<Attempt> Try(HeldCall call, string active, TimeSpan? left, CallNature nature, Task changed, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var (message, content) = call.To(new($"{scheme}://{active}"), mark, left > TimeSpan.Zero || left is null ? left : TimeSpan.Zero);
        using var disposed = message;
        var trying = Try(message, nature, enough.Token);
        using (var late = CancellationTokenSource.CreateLinkedTokenSource(cancel))
        {
            await Task.WhenAny(trying, changed, Task.Delay(Unanswered, time, late.Token));
            await late.CancelAsync();
        }

        if (trying.IsCompleted)
        {
            return await trying;
        }

        var neverSent = false;
        Waits(1);
        try
        {
            while (!trying.IsCompleted && await Task.WhenAny(trying, changed) == changed)
            {
                (var now, changed) = board.Look();
                if (now is not null && now != active)
                {
                    neverSent = content.GiveUp();
                    enough.CancelAfter(nature == CallNature.Change && !neverSent ? LastWord : TimeSpan.Zero);
                    break;
                }
            }

            var attempt = await trying;
            return neverSent && attempt.Reply is null ? attempt with { MayBeDone = false } : attempt;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(null, null, MayBeDone: !neverSent);
        }
        finally
        {
            Waits(-1);
        }
    }

    private async Task<Attempt> Try(HttpRequestMessage message, CallNature nature, CancellationToken cancel)
    {
        HttpResponseMessage? reply = null;
        try
        {
            reply = await http.SendAsync(message, cancel);
            if (reply.Headers.Contains(ForwardingHeaders.NotActive))
            {
                reply.Dispose();
                return new(null, null, MayBeDone: false, IsThere: true);
            }

            // The whole reply first, its trailers too: what breaks off half way can still be asked for again.
            var whole = await Body(reply, nature, cancel);
            if (!whole.TryGet(out var body, out var failure))
            {
                reply.Dispose();
                return new(null, null, MayBeDone: true, NoRoom: nature == CallNature.Read ? failure.Sentence : null);
            }

            if (reply.Headers.Contains(OutcomeUnknown.Header) || reply.TrailingHeaders.Contains(OutcomeUnknown.Header))
            {
                body.Dispose();
                reply.Dispose();
                return new(null, null, MayBeDone: true);
            }

            return new(reply, body, MayBeDone: true);
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return new(null, null, MayBeDone: false);
        }
        catch (SocketException) when (reply is null)
        {
            // The connection was reset before the handler looked at it: whoever listened has just ended.
            return new(null, null, MayBeDone: false);
        }
        catch (OperationCanceledException late) when (late.InnerException is TimeoutException && !cancel.IsCancellationRequested)
        {
            // The only wait of the handler's own that ends by time is for a connection.
            return new(null, null, MayBeDone: false);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or SocketException)
        {
            reply?.Dispose();
            return new(null, null, MayBeDone: true);
        }
    }

    /// <summary>Replies to what changes something are small, and refusing one would make a secret of what was done: only those of reads are counted.</summary>
    private async Task<Result<HeldBody>> Body(HttpResponseMessage reply, CallNature nature, CancellationToken cancel)
    {
        var content = PipeReader.Create(await reply.Content.ReadAsStreamAsync(cancel), ReplyPieces);
        try
        {
            return await HeldBody.Read(content, reply.Content.Headers.ContentLength, long.MaxValue, nature == CallNature.Read ? bodies : null, cancel);
        }
        finally
        {
            await content.CompleteAsync();
        }
    }

    /// <summary>Waits for news of the active, or for the next time to ask. False when the call has waited long enough.</summary>
    private async Task<bool> News(Task changed, TimeSpan? atMost, CancellationToken cancel)
    {
        Waits(1);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(changed, Task.Delay(atMost ?? Timeout.InfiniteTimeSpan, time, over.Token));
        await over.CancelAsync();
        Waits(-1);
        return !cancel.IsCancellationRequested;
    }

    private void Waits(int more)
    {
        // Told in the order in which it was so.
        lock (telling)
        {
            waiting += more;
            if (waiting == 0 || (waiting == 1 && more > 0))
            {
                Waiting?.Invoke(waiting > 0);
            }
        }
    }

    private string Whereabouts() =>
        board.Look().Active is { } active ? $"; the active node is {active}"
        : self?.WhyNotYet() is { } why ? $"; {why}"
        : "; no active node is known";

    private static Failure Lost(string? active) =>
        OutcomeUnknown.Of($"the connection to the active node{(active is null ? "" : " " + active)} broke after the call was sent");

    /// <param name="Reply">The active's reply; null where there is none.</param>
    /// <param name="Body">Of the reply.</param>
    /// <param name="MayBeDone">The active may have executed the call.</param>
    /// <param name="IsThere">The node answers, and is not active.</param>
    /// <param name="NoRoom">Why a read's reply could not be held here.</param>
    private readonly record struct Attempt(HttpResponseMessage? Reply, HeldBody? Body, bool MayBeDone, bool IsThere = false, string? NoRoom = null);
}
