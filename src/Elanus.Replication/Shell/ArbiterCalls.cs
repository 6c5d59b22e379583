namespace Elanus.Replication;

/// <summary>The core's requests to the arbiter: each is sent once, has a bound in time, and is answered with one event.</summary>
internal sealed class ArbiterCalls(IArbiter arbiter, string role, ReplicaOptions options, TimeProvider time, Action<CoreEvent> post, CancellationToken stop)
{
    /// <summary>After a watch that broke, or ended, another one begins so much later.</summary>
    private static readonly TimeSpan WatchAgain = TimeSpan.FromSeconds(1);

    public async Task Read()
    {
        using var patience = Patience();
        var read = await arbiter.ReadAsync(role, patience.Token);
        post(new RecordRead(read.Succeeded, read.Succeeded ? read.Value : null));
    }

    public async Task ReadAlive()
    {
        using var patience = Patience();
        var read = await arbiter.ReadAliveAsync(role, patience.Token);
        post(new AliveRead(read.Succeeded, read.Succeeded ? read.Value : null));
    }

    public async Task Change(ChangeRecord asked)
    {
        using var patience = Patience();
        post(new ChangeEnded(asked.Nonce, await arbiter.ChangeAsync(role, asked.Version, asked.Next, asked.Nonce, patience.Token)));
    }

    public async Task Confirm(ConfirmRecord asked)
    {
        using var patience = Patience();
        post(new ConfirmEnded(asked.Nonce, await arbiter.ConfirmAsync(role, asked.Version, asked.Nonce, patience.Token)));
    }

    public async Task Announce(AliveNote note)
    {
        using var patience = Patience();
        // A renewal that fails is followed by the next one.
        _ = await arbiter.AnnounceAsync(role, note, TimeSpan.FromMilliseconds(options.AliveEveryMs * 4), patience.Token);
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
            catch (Exception broken) when (broken is IOException or OperationCanceledException)
            {
                await Task.Delay(WatchAgain, time, CancellationToken.None);
            }
        }
    }

    private CancellationTokenSource Patience()
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromMilliseconds(options.ArbiterPatienceMs));
        return patience;
    }
}
