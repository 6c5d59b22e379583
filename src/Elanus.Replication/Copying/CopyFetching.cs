namespace Elanus.Replication;

/// <summary>
/// A standby's end of one copy: asks the active for an offer, fetches the files that are not here yet, several pieces on their way at a time, and asks again
/// for what does not come. Where the offer is gone it begins anew, with what it has. One task runs; any thread gives it messages.
/// </summary>
internal sealed class CopyFetching(NodeId from, Epoch epoch, IPeerNetwork network, ICopyTarget target, IRandomSource random, TimeProvider time, Action<CopyProgress> progress, Action<string> tell)
{
    /// <summary>Pieces asked for that have not come.</summary>
    private const int PiecesMax = 8;

    /// <summary>
    /// How many pieces further than the oldest one that has not come: so what lies further before the end of a file whose fetching was stopped is all there, unless its host lost
    /// power, which the file's checksum tells.
    /// </summary>
    internal const int PiecesAheadMax = 32;

    private const int InboxMax = 4 * PiecesMax;

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    /// <summary>After something went wrong at either end.</summary>
    private static readonly TimeSpan BeginAgain = TimeSpan.FromSeconds(2);

    /// <summary>After there was no room: somebody must make some, and each attempt has the active pin files anew.</summary>
    private static readonly TimeSpan RoomAgain = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly Queue<CopyMessage> inbox = new();
    private readonly long started = time.GetTimestamp();
    private TaskCompletionSource news = New();
    private ulong copy;
    private long done;
    private long total;
    private long told;

    public void Take(NodeId sender, CopyMessage message)
    {
        lock (gate)
        {
            if (sender == from && message.Copy == copy && inbox.Count < InboxMax)
            {
                inbox.Enqueue(message);
                news.TrySetResult();
            }
        }
    }

    /// <summary>The plan whose files are all here, durable; ends otherwise only by cancellation.</summary>
    public async Task<CopyPlan> Run(CancellationToken cancel)
    {
        while (true)
        {
            Begin();
            var plan = await Ask(cancel);
            if ((await Fetch(plan, cancel)).TryGet(out _, out var failure))
            {
                return plan;
            }

            tell($"copying the state of node {from} begins anew: {(failure.Sentence.Length > 0 ? failure.Sentence : failure)}");
            await Task.Delay(failure.Code == FailureCode.QuotaExceeded ? RoomAgain : BeginAgain, time, cancel);
        }
    }

    private void Begin()
    {
        lock (gate)
        {
            copy = random.NextUInt64();
            inbox.Clear();
        }
    }

    private async Task<CopyPlan> Ask(CancellationToken cancel)
    {
        var refusal = "";
        while (true)
        {
            await network.SendAsync(from, new CopyAsk(epoch, copy), cancel);
            var answer = await Next(AskAgain, cancel);
            if (answer is CopyOffered offered)
            {
                return offered.Plan;
            }

            if (answer is CopyGone gone)
            {
                if (gone.Why != refusal)
                {
                    tell($"node {from} offers no copy of its state: {gone.Why}");
                    refusal = gone.Why;
                }

                await Task.Delay(BeginAgain, time, cancel);
            }
        }
    }

    private async Task<Result<Unit>> Fetch(CopyPlan plan, CancellationToken cancel)
    {
        (done, total, told) = (0, plan.Bytes, 0);
        if (!(await target.BeginAsync(plan, cancel)).TryGet(out _, out var failure))
        {
            return failure;
        }

        for (var i = 0; i < plan.Files.Length; i++)
        {
            if (await target.HoldsAsync(plan.Files[i], cancel))
            {
                Progressed(plan.Files[i].Bytes);
            }
            else if (!(await Fetch(plan.Files[i], i, cancel)).TryGet(out _, out failure))
            {
                return failure;
            }
        }

        return Result.Ok;
    }

    private async Task<Result<Unit>> Fetch(CopyFile wanted, int index, CancellationToken cancel)
    {
        if (!(await target.CreateAsync(wanted, cancel)).TryGet(out var file, out var failure))
        {
            return failure;
        }

        await using (file)
        {
            var asked = new Dictionary<long, long>();
            long unsynced = 0;
            var next = Math.Max(0, (Math.Min(await file.LengthAsync(cancel), wanted.Bytes) / CopyPiece.BytesMax) - PiecesAheadMax) * CopyPiece.BytesMax;
            if (next > 0)
            {
                Progressed(next);
            }

            while (asked.Count > 0 || next < wanted.Bytes)
            {
                for (; asked.Count < PiecesMax && next < wanted.Bytes && (asked.Count == 0 || next < asked.Keys.Min() + (PiecesAheadMax * CopyPiece.BytesMax)); next += CopyPiece.BytesMax)
                {
                    await Pull(next);
                }

                switch (await Next(AskAgain, cancel))
                {
                    case CopyGone gone:
                        return new Failure(FailureCode.Unavailable, gone.Why);
                    case CopyPiece piece when piece.File == index && asked.ContainsKey(piece.Offset) && IsWhole(piece):
                        if (!(await file.WriteAsync(piece.Offset, [piece.Bytes], cancel)).TryGet(out _, out failure))
                        {
                            return failure;
                        }

                        asked.Remove(piece.Offset);
                        Progressed(piece.Bytes.Length);
                        unsynced += piece.Bytes.Length;
                        if (unsynced >= IFile.UnsyncedBytesMax)
                        {
                            await file.SyncAsync(cancel);
                            unsynced = 0;
                        }

                        break;
                }

                foreach (var (offset, at) in asked.Where(each => time.GetElapsedTime(each.Value) > AskAgain).ToList())
                {
                    await Pull(offset);
                }
            }

            return await target.FinishAsync(wanted, file, cancel);

            async Task Pull(long offset)
            {
                asked[offset] = time.GetTimestamp();
                await network.SendAsync(from, new CopyPull(epoch, copy, index, offset), cancel);
            }
        }

        bool IsWhole(CopyPiece piece) =>
            piece.Bytes.Length == Math.Min(CopyPiece.BytesMax, wanted.Bytes - piece.Offset) && Crc32C.Of(piece.Bytes.Span) == piece.Crc;
    }

    /// <summary>The next message; null where none came in time.</summary>
    private async Task<CopyMessage?> Next(TimeSpan patience, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task? late = null;
        while (true)
        {
            Task changed;
            lock (gate)
            {
                if (inbox.TryDequeue(out var message))
                {
                    return message;
                }

                if (news.Task.IsCompleted)
                {
                    news = New();
                }

                changed = news.Task;
            }

            cancel.ThrowIfCancellationRequested();
            late ??= Task.Delay(patience, time, over.Token);
            if (await Waits.First(changed, late) == 1)
            {
                cancel.ThrowIfCancellationRequested();
                return null;
            }
        }
    }

    private void Progressed(long bytes)
    {
        done += bytes;
        if (done == total || told == 0 || time.GetElapsedTime(told) >= TellEvery)
        {
            told = time.GetTimestamp();
            progress(new(done, total, time.GetElapsedTime(started)));
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
