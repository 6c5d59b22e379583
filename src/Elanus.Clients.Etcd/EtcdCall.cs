namespace Elanus.Clients.Etcd;

/// <summary>
/// One call to the members of a cluster: asks one, and the next where that one certainly did not take it. What may be repeated goes to the next one also while those before are
/// silent, and on in turn (a hedged request: Dean and Barroso, "The tail at scale", 2013), until one answers, the time for it is over, or nobody is there. The same member is asked
/// again too: while a cluster elects its leader it drops what it was asked, and does not say so. One caller, once.
/// </summary>
/// <param name="members">How many members there are.</param>
/// <param name="first">The one that is asked first.</param>
/// <param name="ask">Asks one of them. Ends soon after the call is cancelled.</param>
internal sealed class EtcdCall<T>(int members, int first, bool mayRepeat, EtcdOptions options, Func<int, Task<EtcdReply<T>>> ask)
    where T : class
{
    /// <summary>Of one call at each member, where none answers: a cluster that is slow must not drown in copies.</summary>
    private const int AtOnce = 2;

    /// <summary>Between an answer that says that a member cannot and the next try, where each was asked before.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    /// <summary>Who was asked and has not answered, in the order of asking.</summary>
    private readonly List<(int Member, Task<EtcdReply<T>> Reply)> silent = [];

    private int asked;

    /// <summary>How many ended without an answer and may have taken it.</summary>
    private int unsettled;

    /// <summary>An answer, and whose it is; where it was cancelled, without one, who was silent for longest.</summary>
    public async ValueTask<(int Member, EtcdReply<T> Reply)> AnswerAsync(CancellationToken cancel)
    {
        while (true)
        {
            Ask();
            var patience = mayRepeat && silent.Count < AtOnce * members ? options.HedgeAfter : Timeout.InfiniteTimeSpan;
            while (await FirstAsync(patience, cancel) is { } ended)
            {
                var longest = silent[0].Member;
                var (member, answered) = silent[ended];
                silent.RemoveAt(ended);
                var reply = await answered;
                var repeated = unsettled + silent.Count > 0;
                unsettled += reply.NothingDone ? 0 : 1;
                var isOver = reply.Reply is null && cancel.IsCancellationRequested;
                if (isOver || !GoesOn(reply))
                {
                    return (isOver ? longest : member, reply with { NothingDone = reply.NothingDone && !repeated, Repeated = repeated });
                }

                patience = asked < members ? TimeSpan.Zero : Breath;
            }
        }
    }

    private void Ask()
    {
        var member = (first + asked) % members;
        asked++;
        silent.Add((member, ask(member)));
    }

    /// <summary>Whether another member, or the same one later, may answer what this one did not.</summary>
    private bool GoesOn(EtcdReply<T> reply) =>
        reply.Reply is null && reply.IsAway && (mayRepeat || reply.NothingDone) && (asked < members || (mayRepeat && unsettled + silent.Count > 0));

    /// <summary>The one that ended first, or null where none did in time. When cancelled they all end.</summary>
    private async ValueTask<int?> FirstAsync(TimeSpan patience, CancellationToken cancel)
    {
        Task[] replies = [.. silent.Select(copy => copy.Reply)];
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var ended = await Waits.First([.. replies, Task.Delay(patience, options.Time, enough.Token)]);
        enough.Cancel();
        return ended < replies.Length ? ended
            : cancel.IsCancellationRequested && replies.Length > 0 ? await Waits.First(replies)
            : null;
    }
}
