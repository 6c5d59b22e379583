namespace Elanus.Replication.Tests;

/// <summary>
/// Nodes, a network that loses, doubles and reorders, disks that forget what was not synced, and an arbiter whose replies come late or never. Every
/// step is the test's or the seed's choice. What breaks an invariant of docs/schedules.md throws <see cref="ViolationException"/>.
/// </summary>
internal sealed class ModelWorld
{
    private readonly ProtocolRules rules;
    private readonly ReplicaOptions options;
    private readonly SeededRandom ids;
    private readonly Dictionary<ulong, LogRecord> acknowledged = [];
    private readonly Dictionary<ulong, LogRecord> shown = [];
    private readonly Dictionary<long, ulong> reads = [];
    private long nextValue;
    private long nextTicket;

    public ModelWorld(int nodes, ulong seed, ProtocolRules? rules = null, ReplicaOptions? options = null)
    {
        this.rules = rules ?? ProtocolRules.All;
        this.options = options ?? new();
        ids = new(seed);
        Nodes = [.. Enumerable.Range(0, nodes).Select(i => new ModelNode(i))];
    }

    public IReadOnlyList<ModelNode> Nodes { get; }

    public ModelArbiter Arbiter { get; } = new();

    /// <summary>Takes every step in words, for a test that is looked into.</summary>
    public Action<string>? Trace { get; set; }

    public bool ArbiterIsAway { get; set; }

    public long Now { get; private set; } = 1;

    /// <summary>Messages on their way.</summary>
    public List<(ModelNode From, NodeId To, PeerMessage Message)> Network { get; } = [];

    /// <summary>Requests to the arbiter that have not arrived, and replies that have not come back.</summary>
    public List<ModelRequest> Requests { get; } = [];

    public int Acknowledged => acknowledged.Count;

    public int ReadsAnswered { get; private set; }

    public ModelNode? Active => Nodes.FirstOrDefault(node => node.IsActive && Arbiter.Stored?.Record.Epoch == node.Epoch);

    public void Start(ModelNode node)
    {
        node.Life++;
        var log = new LogView(node.Chain(), 1, (ulong)node.Log.Count);
        node.Core = new(node.Member, options, rules, ids, node.Promise, log, 0);
        node.Applied = 0;
        Handle(node, new Started());
    }

    /// <summary>The process ends; of what it had not synced a prefix stays.</summary>
    public static void Crash(ModelNode node, int kept)
    {
        node.Core = null;
        node.IsActive = false;
        node.WritesPaused = false;
        node.IsPaused = false;
        node.Feeds.Clear();
        node.Disk.Clear();
        var length = Math.Min(node.Log.Count, node.Durable + kept);
        node.Log.RemoveRange(length, node.Log.Count - length);
        node.Durable = length;
    }

    public static void Wipe(ModelNode node, bool keepsId)
    {
        Crash(node, 0);
        node.Log.Clear();
        node.Durable = 0;
        node.Promise = default;
        node.Id = keepsId ? node.Id : new(node.Id.Value + 100);
    }

    public void Handle(ModelNode node, CoreEvent what)
    {
        if (node.Core is not { } core || node.HasStopped)
        {
            return;
        }

        Trace?.Invoke($"{Now} node {node.Index} <- {what}");
        foreach (var effect in core.Handle(what, Now))
        {
            Trace?.Invoke($"      -> {effect}");
            Do(node, effect);
            if (node.Core != core)
            {
                return;
            }
        }
    }

    public void Pass(int ms)
    {
        Now += ms;
    }

    public void Tick(ModelNode node) => Handle(node, new Tick());

    /// <summary>A client's write; false where this node takes none.</summary>
    public bool Write(ModelNode node)
    {
        if (!node.IsActive || node.Core is null || node.WritesPaused)
        {
            return false;
        }

        node.Append(node.Epoch, ModelNode.Row, ModelNode.Value(++nextValue));
        var end = node.Log.Count;
        Handle(node, new LogAppended((ulong)end));
        Synced(node, end, () => Handle(node, new LogDurable((ulong)end)));
        return true;
    }

    public void Read(ModelNode node)
    {
        if (node.IsActive)
        {
            var ticket = ++nextTicket;
            reads[ticket] = acknowledged.Count == 0 ? 0 : acknowledged.Keys.Max();
            Handle(node, new ReadRequested(ticket));
        }
    }

    /// <summary>Sends on what feeds have to send.</summary>
    public void Feed(ModelNode node)
    {
        foreach (var (to, after) in node.Feeds.ToList())
        {
            if (after < (ulong)node.Log.Count)
            {
                LogRecord[] items = [.. node.Log.Skip((int)after)];
                node.Feeds[to] = (ulong)node.Log.Count;
                Network.Add((node, to, new Records(node.Epoch, items, node.Applied)));
            }
        }
    }

    public void Deliver(int index, bool keep)
    {
        var (from, to, message) = Network[index];
        if (!keep)
        {
            Network.RemoveAt(index);
        }

        if (Nodes.FirstOrDefault(node => node.Id == to) is { Core: not null, IsPaused: false } target)
        {
            Handle(target, new Received(from.Id, message));
        }
    }

    private void Do(ModelNode node, Effect effect)
    {
        switch (effect)
        {
            case Send send:
                Network.Add((node, send.To, send.Message));
                break;
            case StreamFrom stream:
                node.Feeds[stream.To] = stream.After;
                break;
            case ReadRecord:
                Ask(node, "read", () => Arbiter.Stored, stored => new RecordRead(true, stored), new RecordRead(false, null));
                break;
            case ReadAlive:
                Ask(node, "alive", () => Arbiter.Alive, note => new AliveRead(true, note), new AliveRead(false, null));
                break;
            case ChangeRecord change:
                Ask(
                    node,
                    "change",
                    () => Arbiter.Change(change),
                    done => new ChangeEnded(change.Nonce, done ? ChangeOutcome.Done : ChangeOutcome.Refused),
                    new ChangeEnded(change.Nonce, ChangeOutcome.Unknown));
                break;
            case ConfirmRecord confirm:
                Ask(
                    node,
                    "confirm",
                    () => Arbiter.Confirm(confirm),
                    done => new ConfirmEnded(confirm.Nonce, done ? ChangeOutcome.Done : ChangeOutcome.Refused),
                    new ConfirmEnded(confirm.Nonce, ChangeOutcome.Unknown));
                break;
            case Announce announce:
                if (!ArbiterIsAway)
                {
                    Arbiter.Alive = announce.Note;
                }

                break;
            case SyncLog:
                var whole = node.Log.Count;
                Synced(node, whole, () => Handle(node, new LogDurable((ulong)whole)));
                break;
            case AppendRecords append:
                node.Log.AddRange(append.Items);
                var end = node.Log.Count;
                Synced(node, end, () => Handle(node, new LogDurable((ulong)end)));
                break;
            case Promise promise:
                OnDisk(node, () =>
                {
                    node.Promise = new(promise.Epoch, promise.CommitSeen);
                    Handle(node, new Promised(promise.Epoch));
                });
                break;
            case Salvage:
                OnDisk(node, () => Handle(node, new Salvaged()));
                break;
            case CutLog cut:
                OnDisk(node, () =>
                {
                    if (node.Applied > cut.Last && !Arbiter.Stored!.Record.Forced && !node.Log.Any(IsForced))
                    {
                        throw new ViolationException($"I3: node {node.Index} cuts to {cut.Last} what it showed up to {node.Applied}");
                    }

                    node.Log.RemoveRange((int)cut.Last, node.Log.Count - (int)cut.Last);
                    node.Durable = node.Log.Count;
                    Handle(node, new WasCut(cut.Last));
                });
                break;
            case OpenEpoch open:
                OnDisk(node, () =>
                {
                    var fence = new Fence(open.Epoch, new(ModelNode.Channel, (ulong)node.Log.Count + 1), node.Chain().Last, (ulong)node.Log.Count, open.Forced);
                    node.Append(open.Epoch, RecordKind.Fence, fence.ToPayload());
                    node.Durable = node.Log.Count;
                    node.Epoch = open.Epoch;
                    Handle(node, new EpochOpened(fence));
                });
                break;
            case AdvanceCommit advance:
                Show(node, advance.Position);
                break;
            case AnswerRead answer:
                ReadsAnswered++;
                if (answer.Position < reads[answer.Ticket])
                {
                    throw new ViolationException($"I4: a Strong read is answered at {answer.Position}, {reads[answer.Ticket]} was acknowledged before it came");
                }

                break;
            case BecameActive:
                Activated(node);
                break;
            case WritesPaused paused:
                node.WritesPaused = paused.Paused;
                break;
            case Ended ended:
                node.Sentence = ended.Sentence;
                Crash(node, int.MaxValue / 2);
                break;
            case Stopped stopped:
                node.Sentence = stopped.Sentence;
                node.HasStopped = true;
                break;
        }
    }

    private static bool IsForced(LogRecord record) =>
        record.Kind == RecordKind.Fence && Fence.FromPayload(record.Position, record.Payload.Span)!.Value.Forced;

    /// <summary>Shows what is committed; on the active that is also the acknowledgement of its own epoch's writes.</summary>
    private void Show(ModelNode node, ulong upTo)
    {
        for (var number = node.Applied + 1; number <= upTo; number++)
        {
            if (number > (ulong)node.Log.Count)
            {
                throw new ViolationException($"I5: node {node.Index} shows {number} and its log ends at {node.Log.Count}");
            }

            var record = node.Log[(int)number - 1];
            if (shown.TryGetValue(number, out var before) && !ModelNode.Same(before, record))
            {
                throw new ViolationException($"I5: node {node.Index} shows another record at {number} than was shown before");
            }

            shown[number] = record;
            if (node.Epoch == record.Epoch && record.Kind == ModelNode.Row && Arbiter.Stored?.Record.Holder == node.Id)
            {
                if (acknowledged.TryGetValue(number, out var other) && !ModelNode.Same(other, record))
                {
                    throw new ViolationException($"I2: position {number} is acknowledged with two contents");
                }

                acknowledged[number] = record;
            }
        }

        node.Applied = Math.Max(node.Applied, upTo);
    }

    private void Activated(ModelNode node)
    {
        // A claimant that was overtaken meanwhile harms nothing.
        if (Arbiter.Stored?.Record.Epoch == node.Epoch && !Arbiter.Stored.Record.Forced)
        {
            foreach (var (number, record) in acknowledged)
            {
                if (number > (ulong)node.Log.Count || !ModelNode.Same(node.Log[(int)number - 1], record))
                {
                    throw new ViolationException($"I1: node {node.Index} is active under {node.Epoch} without the acknowledged write at {number}");
                }
            }
        }

        node.IsActive = true;
    }

    private static void Synced(ModelNode node, int end, Action then) => OnDisk(node, () =>
    {
        node.Durable = Math.Max(node.Durable, Math.Min(end, node.Log.Count));
        then();
    });

    private static void OnDisk(ModelNode node, Action what)
    {
        var life = node.Life;
        node.Disk.Enqueue(() =>
        {
            if (node.Life == life)
            {
                what();
            }
        });
    }

    /// <summary>A request that takes effect at one step and is answered at a later one; what is lost is answered as unknown, and may still take effect.</summary>
    private void Ask<T>(ModelNode node, string what, Func<T> effect, Func<T, CoreEvent> answer, CoreEvent unknown)
    {
        var life = node.Life;
        Requests.Add(new(
            what,
            () =>
            {
                if (ArbiterIsAway)
                {
                    Tell(unknown);
                    return;
                }

                var result = effect();
                Requests.Add(new(what + " reply", () => Tell(answer(result)), () => Tell(unknown), () => Tell(unknown)));
            },
            Lose: () => Tell(unknown),
            Delay: () =>
            {
                Tell(unknown);
                Requests.Add(new(what + " late", () => _ = effect(), () => { }, () => { }));
            }));

        void Tell(CoreEvent told)
        {
            if (node.Life != life)
            {
                return;
            }

            if (node.IsPaused)
            {
                Requests.Add(new("kept for a paused node", () => Tell(told), () => Tell(told), () => Tell(told)));
            }
            else
            {
                Handle(node, told);
            }
        }
    }
}
