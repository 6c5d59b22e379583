namespace Elanus.Replication;

/// <summary>The core's requests to the arbiter: each is asked once, has a bound in time, and is answered with one event.</summary>
internal sealed class ArbiterCalls(IArbiter arbiter, string role, ReplicaOptions options, TimeProvider time, Action<CoreEvent> post, Action<string> say, CancellationToken stop)
{
    /// <summary>After a watch that broke, or ended, another one begins so much later.</summary>
    private static readonly TimeSpan WatchAgain = TimeSpan.FromSeconds(1);

    /// <summary>Nobody hears of changes that fail before they have failed for so long, while reads are answered: one may be late.</summary>
    private static readonly TimeSpan UnchangedMax = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();

    /// <summary>What was last said of it; null while it answers.</summary>
    private FailureCode? complaint;
    private volatile bool isAway;

    /// <summary>Since when it has taken nothing that was written, though it is read; null while it takes all.</summary>
    private long? unchangedSince;
    private volatile bool takesNothing;

    /// <summary>It did not answer when it was read last, or with nothing that could be understood; or it has taken no change for a while.</summary>
    public bool IsAway => isAway || takesNothing;

    private TimeSpan HintLifetime => TimeSpan.FromMilliseconds(options.AliveEveryMs * 4);

    public Task Read() => Within(async cancel =>
    {
        var read = await arbiter.ReadAsync(role, cancel);
        Judge(read.Failure);
        post(new RecordRead(read.Succeeded, read.Succeeded ? read.Value : null));
    });

    public Task ReadAlive() => Within(async cancel =>
    {
        var read = await arbiter.ReadAliveAsync(role, cancel);
        post(new AliveRead(read.Succeeded, read.Succeeded ? read.Value : null));
    });

    public Task Change(ChangeRecord asked) => Within(async cancel =>
    {
        var outcome = await arbiter.ChangeAsync(role, asked.Version, asked.Next, asked.Nonce, cancel);
        JudgeChange(outcome);
        post(new ChangeEnded(asked.Nonce, outcome));
    });

    public Task Confirm(ConfirmRecord asked) => Within(async cancel =>
    {
        var outcome = await arbiter.ConfirmAsync(role, asked.Version, asked.Nonce, cancel);
        JudgeChange(outcome);
        post(new ConfirmEnded(asked.Nonce, outcome));
    });

    // A renewal that fails is followed by the next one.
    public Task Announce(AliveNote note) => Within(async cancel => JudgeWritten((await arbiter.AnnounceAsync(role, note, HintLifetime, cancel)).Failure));

    /// <summary>
    /// The hint of the active, or of one that has claimed since, where it is renewed: one that was there already is looked at again when it would have vanished, and where there was
    /// none, when the next one is due: behind a stall of the arbiter all have expired. Null where nobody renews any. A failure: the arbiter does not answer.
    /// </summary>
    public async Task<Result<AliveNote?>> WhoLives(CancellationToken cancel)
    {
        var read = await arbiter.ReadAliveAsync(role, cancel);
        if (!read.Succeeded)
        {
            return read;
        }

        var renewal = TimeSpan.FromMilliseconds(options.AliveEveryMs);
        await Task.Delay(read.Value is null ? 2 * renewal : HintLifetime + renewal, time, cancel);
        return await arbiter.ReadAliveAsync(role, cancel);
    }

    /// <summary>Passes the arbiter's hints on, for as long as the node lives.</summary>
    public async Task Watch()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await foreach (var hint in arbiter.WatchAsync(role, stop))
                {
                    post(new RecordHint());
                }

                await Task.Delay(WatchAgain, time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (broken is not InvariantBrokenException)
            {
                // It is a hint: whatever broke it, the reads go on.
                await Task.Delay(WatchAgain, time, CancellationToken.None);
            }
        }
    }

    /// <summary>An operator hears of an arbiter that is away, or holds what cannot be understood; once, until it is another trouble.</summary>
    private void Judge(Failure? wrong)
    {
        if (wrong?.Code == complaint || stop.IsCancellationRequested)
        {
            return;
        }

        var before = complaint;
        complaint = wrong?.Code;
        isAway = wrong is not null;
        if (wrong is not null)
        {
            lock (gate)
            {
                // What is not read takes no changes either: that is counted anew once it answers.
                (unchangedSince, takesNothing) = (null, false);
            }

            say($"{wrong.Sentence}; until that is mended the in-sync set stays as it is and nobody becomes active");
        }
        else if (before is not null)
        {
            say($"the arbiter {arbiter.Name} answers again");
        }
    }

    private void JudgeChange(ChangeOutcome outcome) =>
        JudgeWritten(outcome == ChangeOutcome.Unknown ? arbiter.WhyUnknown ?? new(FailureCode.Unavailable, $"the arbiter {arbiter.Name} does not say what became of a change") : null);

    /// <summary>A store that is full, read only, or whose account may not write, answers reads all the same: its operator would hear of it when the next failover cannot happen.</summary>
    private void JudgeWritten(Failure? wrong)
    {
        string? sentence = null;
        lock (gate)
        {
            if (wrong is null)
            {
                sentence = takesNothing ? $"the arbiter {arbiter.Name} takes changes again" : null;
                (unchangedSince, takesNothing) = (null, false);
            }
            else if (!isAway && !stop.IsCancellationRequested)
            {
                unchangedSince ??= time.GetTimestamp();
                if (!takesNothing && time.GetElapsedTime(unchangedSince.Value) >= UnchangedMax)
                {
                    takesNothing = true;
                    sentence = $"{wrong.Sentence}; it answers reads and has taken no change for {UnchangedMax.TotalSeconds:0} s: until that is mended the in-sync set stays as it is and nobody becomes active";
                }
            }
        }

        if (sentence is not null)
        {
            say(sentence);
        }
    }

    private async Task Within(Func<CancellationToken, Task> ask)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(options.ArbiterPatienceMs), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        await ask(either.Token);
    }
}
