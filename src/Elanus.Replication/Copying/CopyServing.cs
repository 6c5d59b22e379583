namespace Elanus.Replication;

/// <summary>
/// The active's end of copies: an offer for each node that asked, pinned until that node follows behind it or has said nothing for long; pieces as they are
/// pulled. One task a node answers, one piece at a time, so that a slow way holds up nothing but itself. A file that cannot be read ends the offer, and nothing of
/// this node: the other one is told why, and asks anew. Any thread may call.
/// </summary>
internal sealed class CopyServing(IPeerNetwork network, ICopySource source, ReplicaOptions options, TimeProvider time, Func<Epoch?> leads, Action<Task> own, CancellationToken stop)
{
    private const int PullsMax = 64;
    private const int CopiesMax = 8;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<NodeId, Serving> nodes = [];

    public void Take(NodeId from, CopyMessage message)
    {
        Serving? begun = null;
        lock (gate)
        {
            if (nodes.TryGetValue(from, out var serving))
            {
                serving.Heard = time.GetTimestamp();
            }
            else if (message is CopyAsk && nodes.Count < CopiesMax)
            {
                nodes.Add(from, serving = begun = new(from) { Heard = time.GetTimestamp() });
            }

            if (serving is null || serving.Waiting.Count >= PullsMax)
            {
                // It asks again.
                return;
            }

            serving.Waiting.Enqueue(message);
            serving.News.TrySetResult();
        }

        if (begun is not null)
        {
            own(Serve(begun));
        }
    }

    /// <summary>A node follows up to here: what it copied has led it into the log, which is no longer kept for it.</summary>
    public void Follows(NodeId node, ulong received)
    {
        lock (gate)
        {
            if (nodes.TryGetValue(node, out var serving) && serving.Offer is { } offer && received >= offer.Plan.End)
            {
                serving.IsOver = true;
                serving.News.TrySetResult();
            }
        }
    }

    private async Task Serve(Serving serving)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                CopyMessage? message;
                Task news;
                lock (gate)
                {
                    if (serving.IsOver || time.GetElapsedTime(serving.Heard) > TimeSpan.FromMilliseconds(options.CopyPatienceMs))
                    {
                        return;
                    }

                    if (serving.News.Task.IsCompleted)
                    {
                        serving.News = Serving.New();
                    }

                    news = serving.News.Task;
                    serving.Waiting.TryDequeue(out message);
                }

                if (message is null)
                {
                    using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
                    await Waits.First(news, Task.Delay(LookEvery, time, over.Token));
                    over.Cancel();
                }
                else if (leads() is { } epoch)
                {
                    await network.SendAsync(serving.Node, await Answer(serving, message, epoch), stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // This node ends, and its offers with it.
        }
        finally
        {
            lock (gate)
            {
                nodes.Remove(serving.Node);
            }

            await Withdraw(serving);
        }
    }

    private async Task<PeerMessage> Answer(Serving serving, CopyMessage message, Epoch epoch)
    {
        try
        {
            if (message is CopyAsk && (serving.Offer is null || serving.Copy != message.Copy))
            {
                await Withdraw(serving);
                var offered = await source.OfferAsync(stop);
                if (!offered.TryGet(out var fresh, out var failure))
                {
                    return new CopyGone(epoch, message.Copy, failure.Sentence);
                }

                lock (gate)
                {
                    (serving.Offer, serving.Copy) = (fresh, message.Copy);
                }
            }

            if (serving.Offer is not { } offer || serving.Copy != message.Copy)
            {
                return new CopyGone(epoch, message.Copy, "that copy is no longer offered");
            }

            if (message is not CopyPull pull || pull.File < 0 || pull.File >= offer.Plan.Files.Length || pull.Offset < 0)
            {
                return new CopyOffered(epoch, message.Copy, offer.Plan);
            }

            var file = offer.Plan.Files[pull.File];
            var piece = new byte[Math.Clamp(file.Bytes - pull.Offset, 0, CopyPiece.BytesMax)];
            var read = await offer.ReadAsync(pull.File, pull.Offset, piece, stop);
            if (read == piece.Length)
            {
                return new CopyPiece(epoch, message.Copy, pull.File, pull.Offset, piece, Crc32C.Of(piece));
            }

            await Withdraw(serving);
            return new CopyGone(epoch, message.Copy, $"{file.Name} is shorter than it was: it ends at {pull.Offset + read} of {file.Bytes} bytes");
        }
        catch (IOException unreadable) when (unreadable is not FailedSyncException)
        {
            await Withdraw(serving);
            return new CopyGone(epoch, message.Copy, $"its files cannot be read: {unreadable.Message}");
        }
    }

    private async Task Withdraw(Serving serving)
    {
        ICopyOffer? offer;
        lock (gate)
        {
            (offer, serving.Offer) = (serving.Offer, null);
        }

        await (offer?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private sealed class Serving(NodeId node)
    {
        public NodeId Node => node;

        public Queue<CopyMessage> Waiting { get; } = new();

        public TaskCompletionSource News { get; set; } = New();

        public long Heard { get; set; }

        public bool IsOver { get; set; }

        public ulong Copy { get; set; }

        public ICopyOffer? Offer { get; set; }

        public static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
