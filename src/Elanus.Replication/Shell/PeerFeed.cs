namespace Elanus.Replication;

/// <summary>
/// What goes to one node: short messages first, then records as they are written, as fast as the way takes them. One task sends; any thread adds.
/// Bounded: short messages beyond the bound are dropped, as the network may drop them; records are read when their turn comes.
/// </summary>
internal sealed class PeerFeed(NodeId to, FileLog log, IPeerNetwork network, CancellationToken stop)
{
    private const int MessagesMax = 256;

    private readonly Lock gate = new();
    private readonly Queue<PeerMessage> messages = new();
    private readonly AsyncSignal news = new();
    private Epoch epoch;
    private LogPosition? next;

    public Task Run() => Sending();

    public void Add(PeerMessage message)
    {
        lock (gate)
        {
            if (messages.Count < MessagesMax)
            {
                messages.Enqueue(message);
            }
        }

        Wake();
    }

    /// <summary>Sends every record behind a position from now on; what was being sent is dropped.</summary>
    public void Stream(Epoch under, LogPosition after)
    {
        lock (gate)
        {
            epoch = under;
            next = after.Next;
        }

        Wake();
    }

    /// <summary>There may be more records to send.</summary>
    public void Wake() => news.Set();

    private async Task Sending()
    {
        using var stopping = stop.Register(news.Set);
        while (!stop.IsCancellationRequested)
        {
            PeerMessage? message;
            LogPosition? from;
            Epoch under;
            lock (gate)
            {
                messages.TryDequeue(out message);
                (from, under) = (next, epoch);
            }

            if (message is not null)
            {
                await network.SendAsync(to, message, stop);
                continue;
            }

            if (from is { } position && await SendRecords(position, under))
            {
                continue;
            }

            await news.WaitAsync();
        }
    }

    /// <summary>True where records were sent, so that more may follow.</summary>
    private async Task<bool> SendRecords(LogPosition position, Epoch under)
    {
        var read = await log.ReadWrittenAsync(position, stop);
        if (read is not { Succeeded: true, Value: { } batch })
        {
            // Nothing was written there yet, or it was truncated: then the node will ask for a copy.
            return false;
        }

        var sent = await network.SendAsync(to, new Records(under, new RecordItems(batch), log.Committed.Number), stop);
        lock (gate)
        {
            // Unless the stream was turned elsewhere meanwhile.
            if (next == position)
            {
                next = sent ? batch.Last.Next : null;
            }
        }

        return sent;
    }
}
