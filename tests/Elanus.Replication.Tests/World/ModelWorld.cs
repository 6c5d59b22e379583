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
    private readonly Checks checks;
    private readonly Dictionary<long, ulong> reads = [];
    private long nextValue;
    private long nextTicket;

    public ModelWorld(int nodes, ulong seed, ProtocolRules? rules = null, ReplicaOptions? options = null, ModelArbiter? arbiter = null)
    {
        Arbiter = arbiter ?? new();
        this.rules = rules ?? ProtocolRules.All;
        this.options = options ?? new();
        ids = new(seed);
        Nodes = [.. Enumerable.Range(0, nodes).Select(i => new ModelNode(i))];
        checks = new(Arbiter, Nodes);
    }

    public IReadOnlyList<ModelNode> Nodes { get; }

    public ModelArbiter Arbiter { get; }

    /// <summary>Takes every step in words, for a test that is looked into.</summary>
    public Action<string>? Trace { get; set; }

    /// <summary>Whether an operator is never to be needed, but for what a schedule asks of one.</summary>
    public bool StopsAreViolations { get; set; }

    /// <summary>What stood in the arbiter before it lost its memory; null where it did not.</summary>
    public StoredRecord? Forgotten { get; set; }

    /// <summary>How often an operator took a node out.</summary>
    public int Removals { get; set; }

    public bool ArbiterIsAway { get; set; }

    public long Now { get; private set; } = 1;

    /// <summary>Messages on their way.</summary>
    public List<(ModelNode From, NodeId To, PeerMessage Message)> Network { get; } = [];

    /// <summary>Requests to the arbiter that have not arrived, and replies that have not come back.</summary>
    public List<ModelRequest> Requests { get; } = [];

    public int Acknowledged => checks.Acknowledged;

    public int ReadsAnswered { get; private set; }

    /// <summary>Copies of an active's state that were fetched.</summary>
    public int Copies { get; private set; }

    public ModelNode? Active => Nodes.FirstOrDefault(node => node.IsActive && Arbiter.Stored?.Record.Epoch == node.Epoch);

    public void Start(ModelNode node)
    {
        if (node.Promise.CommitSeen > (ulong)node.Log.Count)
        {
            throw new ViolationException($"node {node.Index} refuses to start: {node.Promise.CommitSeen} was committed here, and its log ends with {node.Log.Count}");
        }

        node.Life++;
        var log = new LogView(node.Chain(), node.Front, (ulong)node.Log.Count);
        node.Core = new(node.Member, options, rules, ids, node.Promise, log, node.Checkpoint);
        node.Applied = node.Checkpoint;
        Handle(node, new Started());
    }

    /// <summary>The process ends; what it wrote stays in the memory of its host.</summary>
    public static void Kill(ModelNode node)
    {
        node.Core = null;
        node.IsActive = false;
        node.WritesPaused = false;
        node.StandsAlone = false;
        node.IsPaused = false;
        node.Feeds.Clear();
        node.Disk.Clear();
        node.Beside.Clear();
        node.Refusals = 0;
        node.Wanted = null;
        node.Staged = null;
        node.IsCutting = false;
        node.IsSalvaging = false;
        node.KeptBehind = null;
    }

    /// <summary>The host ends; of what was not synced a prefix stays.</summary>
    public static void Crash(ModelNode node, int kept)
    {
        Kill(node);
        node.CutTo(Math.Min(node.Log.Count, node.Durable + kept));
        node.Unsynced.Clear();
    }

    public static void Wipe(ModelNode node, bool keepsId)
    {
        Crash(node, 0);
        node.CutTo(0);
        node.Promise = default;
        node.Checkpoint = 0;
        node.Front = 1;
        node.HasStopped = false;
        node.IsToBeEmptied = false;
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

    public void Tick(ModelNode node) => Handle(node, new Tick(node.HangsAt ?? node.Applied));

    /// <summary>A client's write; false where this node takes none.</summary>
    public bool Write(ModelNode node)
    {
        if (!node.IsActive || node.Core is null || node.WritesPaused || !node.AcceptsWrites)
        {
            return false;
        }

        node.Append(node.Epoch, ModelNode.Row, ModelNode.Value(++nextValue));
        var end = node.Log.Count;
        Handle(node, new LogAppended((ulong)end));
        Synced(node, end, end, () => Handle(node, new LogDurable((ulong)end)));
        return true;
    }

    public void Read(ModelNode node)
    {
        if (node.IsActive)
        {
            var ticket = ++nextTicket;
            reads[ticket] = checks.LastAcknowledged;
            Handle(node, new ReadRequested(ticket));
        }
    }

    /// <summary>Sends on what feeds have to send.</summary>
    public void Feed(ModelNode node)
    {
        foreach (var (to, after) in node.Feeds.ToList())
        {
            if (after < (ulong)node.Log.Count && after + 1 >= node.Front)
            {
                LogRecord[] items = [.. node.Log.Skip((int)after)];
                node.Feeds[to] = (ulong)node.Log.Count;
                Network.Add((node, to, new Records(node.Epoch, items, node.Applied)));
            }
        }
    }

    /// <summary>Lets go of the log up to a position that a checkpoint holds.</summary>
    public void Truncate(ModelNode node, ulong front)
    {
        if (node.Core is not null && !node.IsCutting && !node.IsSalvaging && front > node.Front)
        {
            Invariant.Holds(front <= node.Checkpoint + 1, $"node {node.Index} lets go of records that no checkpoint holds");
            node.Front = front;
            Later(node, node.Beside, () => Handle(node, new FrontMoved(front)));
        }
    }

    /// <summary>A node that wants a copy gets one, as its source stands now; false where there is nobody to give it.</summary>
    public bool Copy(ModelNode node)
    {
        if (node.Core is null || node.Wanted is not { } wanted || Nodes.FirstOrDefault(each => each.Id == wanted.From) is not { IsActive: true, Core: not null } source)
        {
            return false;
        }

        node.Wanted = null;
        node.Staged = ([.. source.Log.Take(source.Durable)], source.Front, source.Checkpoint);
        Copies++;
        OnDisk(node, () => Handle(node, new CopyFetched(wanted.Epoch, node.Staged!.Value.Checkpoint, (ulong)node.Staged!.Value.Log.Count)));
        return true;
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
                Ask(node, effect, () => Arbiter.Stored, stored => new RecordRead(true, stored), new RecordRead(false, null));
                break;
            case ReadAlive:
                Ask(node, effect, () => Arbiter.Alive, note => new AliveRead(true, note), new AliveRead(false, null));
                break;
            case ChangeRecord change:
                Ask(
                    node,
                    effect,
                    () => Changed(node, change),
                    done => new ChangeEnded(change.Nonce, done ? ChangeOutcome.Done : ChangeOutcome.Refused),
                    new ChangeEnded(change.Nonce, ChangeOutcome.Unknown));
                break;
            case ConfirmRecord confirm:
                Ask(
                    node,
                    effect,
                    () => Confirmed(node, confirm),
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
                Synced(node, 1, whole, () => Handle(node, new LogDurable((ulong)whole)));
                break;
            case AppendRecords when node.IsFull || node.Refusals > 0:
                // What stands behind a refused batch is refused with it.
                node.Refusals++;
                OnDisk(node, () =>
                {
                    node.Refusals--;
                    Handle(node, new LogRefused("no room"));
                });
                break;
            case AppendRecords append:
                var first = node.Log.Count + 1;
                foreach (var item in append.Items)
                {
                    node.Take(item);
                }

                var end = node.Log.Count;
                Synced(node, first, end, () => Handle(node, new LogDurable((ulong)end)));
                break;
            case Promise promise:
                Later(node, node.Beside, () =>
                {
                    node.Promise = new(promise.Epoch, promise.CommitSeen);
                    Handle(node, new Promised(promise.Epoch));
                });
                break;
            case Salvage salvage:
                OnDisk(node, () =>
                {
                    (node.IsSalvaging, node.IsCutting) = (true, true);
                    node.KeptBehind = Math.Max(salvage.After, node.Front - 1);
                    Handle(node, new FrontMoved(node.Front));
                });
                OnDisk(node, () =>
                {
                    node.IsSalvaging = false;
                    Handle(node, new Salvaged());
                });
                break;
            case KeepsNothing:
                node.IsCutting = false;
                break;
            case CutLog cut:
                OnDisk(node, () =>
                {
                    checks.Cuts(node, cut.Last);
                    Checks.Keeps(node, cut.Last, [], keepsAll: false);
                    node.CutTo((int)cut.Last);
                    node.Checkpoint = node.Checkpoint > cut.Last ? 0 : node.Checkpoint;
                    if (node.Front > Math.Max(1, node.Checkpoint + 1))
                    {
                        throw new ViolationException($"node {node.Index} cuts to {cut.Last}, its log begins at {node.Front}, and no checkpoint leads up to that");
                    }

                    if (node.Applied > cut.Last)
                    {
                        // What was shown is taken back with the process that showed it.
                        Kill(node);
                        return;
                    }

                    node.IsCutting = false;
                    Handle(node, new WasCut(cut.Last));
                });
                break;
            case NeedsCopy needed:
                node.Wanted = needed;
                break;
            case NeedsNoCopy:
                node.Wanted = null;
                node.IsCutting = false;
                break;
            case InstallCopy install:
                OnDisk(node, () =>
                {
                    checks.Copies(node);
                    Checks.Keeps(node, 0, node.Staged!.Value.Log, install.KeepsOld);
                    node.Install(install.Kept);
                    Kill(node);
                });
                break;
            case OpenEpoch open:
                OnDisk(node, () =>
                {
                    node.CutTo((int)open.After);
                    var fence = new Fence(open.Epoch, new(ModelNode.Channel, (ulong)node.Log.Count + 1), node.Chain().Last, (ulong)node.Log.Count, open.Forced);
                    node.Append(open.Epoch, RecordKind.Fence, fence.ToPayload());
                    node.Sync(1, node.Log.Count);
                    node.Epoch = open.Epoch;
                    Handle(node, new EpochOpened(fence));
                });
                break;
            case AdvanceCommit advance:
                checks.Shows(node, advance.Position);
                break;
            case AnswerRead answer:
                ReadsAnswered++;
                Checks.Answers(answer.Position, reads[answer.Ticket]);
                break;
            case BecameActive:
                checks.Serves(node);
                node.IsActive = true;
                break;
            case SetChanged changed:
                node.AcceptsWrites = changed.AcceptsWrites;
                break;
            case StandsAlone stands:
                node.StandsAlone = stands.Alone;
                break;
            case WritesPaused paused:
                node.WritesPaused = paused.Paused;
                break;
            case Says said:
                node.Sentence = said.Sentence;
                break;
            case Ended ended:
                node.Sentence = ended.Sentence;
                Kill(node);
                break;
            case Stopped stopped:
                node.Sentence = stopped.Sentence;
                node.HasStopped = true;
                // The fence that explains it may have been let go: the operator who forced it does what the sentence says.
                node.IsToBeEmptied = checks.Forced > 0 && Nodes.Any(each => each.Front > 1);
                if (StopsAreViolations && !node.IsToBeEmptied)
                {
                    throw new ViolationException($"node {node.Index} stops for good: {stopped.Sentence}");
                }

                break;
        }
    }

    private bool Changed(ModelNode node, ChangeRecord change)
    {
        var before = Arbiter.Stored?.Record.Epoch ?? Epoch.None;
        if (!Arbiter.Change(change))
        {
            return false;
        }

        Trace?.Invoke($"{Now} the record is {Arbiter.Stored}");
        if (change.Next.Epoch != before)
        {
            checks.Claims(Nodes.FirstOrDefault(each => each.Id == change.Next.Holder), change.Next, Nodes);
        }

        return true;
    }

    private bool Confirmed(ModelNode node, ConfirmRecord confirm)
    {
        var done = Arbiter.Confirm(confirm);
        if (done)
        {
            checks.Confirms(node);
        }

        return done;
    }

    private static void Synced(ModelNode node, int from, int to, Action then) => OnDisk(node, () =>
    {
        node.Sync(from, to);
        then();
    });

    private static void OnDisk(ModelNode node, Action what) => Later(node, node.Disk, what);

    private static void Later(ModelNode node, Queue<Action> queue, Action what)
    {
        var life = node.Life;
        queue.Enqueue(() =>
        {
            if (node.Life == life)
            {
                what();
            }
        });
    }

    /// <summary>A request that takes effect at one step and is answered at a later one; what is lost is answered as unknown, and may still take effect.</summary>
    private void Ask<T>(ModelNode node, Effect what, Func<T> effect, Func<T, CoreEvent> answer, CoreEvent unknown)
    {
        var life = node.Life;
        Requests.Add(new(
            node,
            what,
            IsReply: false,
            () =>
            {
                if (ArbiterIsAway)
                {
                    Tell(unknown);
                    return;
                }

                var result = effect();
                Requests.Add(new(node, what, IsReply: true, () => Tell(answer(result)), () => Tell(unknown), () => Tell(unknown)));
            },
            Lose: () => Tell(unknown),
            Delay: () =>
            {
                Tell(unknown);
                Requests.Add(new(node, what, IsReply: false, () => _ = effect(), () => { }, () => { }));
            }));

        void Tell(CoreEvent told)
        {
            if (node.Life != life)
            {
                return;
            }

            if (node.IsPaused)
            {
                Requests.Add(new(node, what, IsReply: true, () => Tell(told), () => Tell(told), () => Tell(told)));
            }
            else
            {
                Handle(node, told);
            }
        }
    }
}
