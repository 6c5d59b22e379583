using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Elanus.Replication;

/// <summary>The log's life: what drives the core, and does what it asks for.</summary>
public sealed partial class ReplicatedLog : IPeerSink
{
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<OpenedEpoch> activated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<NodeId, PeerFeed> feeds = new();
    private readonly ConcurrentDictionary<Task, Task> running = new();
    private readonly Lock gate = new();
    private readonly Lock telling = new();
    private readonly FileLog log;
    private readonly EpochPromise promise;
    private readonly PromiseFile promises;
    private readonly ReplicaSeams seams;
    private readonly ReplicaOptions options;
    private readonly Member self;
    private readonly string directory;
    private readonly IPeerNetwork network;
    private readonly ArbiterCalls arbiter;
    private readonly AwayNodes away;
    private ReplicaLoop loop = null!;
    private Task appends = Task.CompletedTask;
    private Task<Result<OpenedEpoch>>? opening;
    private Epoch? claimed;
    private bool owns;
    private TaskCompletionSource? paused;
    private TaskCompletionSource<string>? wish;
    private ReplicaState state = ReplicaState.Unknown;
    private ImmutableArray<PeerStanding> standings = [];
    private readonly ReplicaLag lag;
    private readonly FollowedClock followed;
    private Func<LogPosition> applied;
    private long turnsSeen;
    private readonly ConcurrentDictionary<NodeId, int> formats = new();
    private CopyServing serving = null!;
    private ICopyTarget target = null!;

    private ReplicatedLog(
        FileLog log, EpochPromise promise, SharedBudget uncommitted, ReplicaSeams seams, string directory, Member self, string role, IArbiter arbiter, IPeerNetwork network, ReplicaOptions options)
    {
        this.log = log;
        this.uncommitted = uncommitted;
        this.promise = promise;
        promises = new(seams.Files, directory, seams.Time);
        this.seams = seams;
        this.options = options;
        this.self = self;
        this.directory = directory;
        this.network = network;
        away = new(log, options, seams.Time);
        Takeover = new(seams.Time);
        HandOverSteps = new(seams.Time);
        lag = new(seams.Time);
        followed = new(seams.Time);
        Members = new(this, seams.Time);
        slow = new(seams.Time, sentence => AppendWasSlow?.Invoke(sentence));
        applied = () => log.Committed;
        this.arbiter = new(arbiter, role, options, seams.Time, what => loop.Post(what), Tell, stop.Token);
    }

    /// <summary>The files, for recovery and status.</summary>
    public FileLog Files => log;

    public ReplicaState State => Volatile.Read(ref state);

    /// <summary>How this process became active, step by step; its owner adds the steps behind the log's own.</summary>
    public TurnSteps Takeover { get; }

    /// <summary>How this process handed over, step by step.</summary>
    public TurnSteps HandOverSteps { get; }

    /// <summary>Changes of the active that this process saw.</summary>
    public long TurnsSeen => Interlocked.Read(ref turnsSeen);

    /// <summary>The other nodes as the active sees them, as of its last heartbeat; empty on any other node.</summary>
    public ImmutableArray<PeerStanding> Peers => State.IsActive ? standings : [];

    /// <summary>How far this node's state lies behind the active: in records, and in time since everything that the active then had was applied here.</summary>
    public (ulong Records, TimeSpan Time) Lag =>
        State.IsActive ? (Committed.Number - Math.Min(Committed.Number, applied().Number), TimeSpan.Zero) : lag.Now(applied().Number);

    /// <summary>On a follower: for how long the active has said nothing.</summary>
    public TimeSpan Silence => lag.Silence;

    /// <summary>The arbiter did not answer when it was asked last, or with nothing that could be understood.</summary>
    public bool LacksArbiter => arbiter.IsAway;

    /// <summary>The state is another now. One at a time, on any thread; handlers return at once.</summary>
    public event Action<ReplicaState>? Changed;

    /// <summary>Reads the files; nothing is said to anybody before <see cref="Begin"/>. Failures and exceptions are those of <see cref="FileLog.StartAsync"/>.</summary>
    /// <param name="seams">The world.</param>
    /// <param name="directory">Where the log's files are; salvaged tails go beside it.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="files">The bounds of the files.</param>
    /// <param name="self">This node and where others reach it.</param>
    /// <param name="role">The arbiter's record that decides who is active.</param>
    /// <param name="arbiter">The judge; not disposed here.</param>
    /// <param name="network">The way to the other nodes; not disposed here.</param>
    /// <param name="options">The bounds of the protocol.</param>
    public static async ValueTask<Result<ReplicatedLog>> StartAsync(
        ReplicaSeams seams,
        string directory,
        ChannelId channel,
        FileLogOptions files,
        Member self,
        string role,
        IArbiter arbiter,
        IPeerNetwork network,
        ReplicaOptions options,
        CancellationToken cancel)
    {
        var relay = new Relay();
        var started = await FileLog.StartAsync(
            seams.Files, directory, channel, files with { CommitsAlone = false }, seams.Clock, seams.Time, seams.Random, relay, cancel);
        if (!started.TryGet(out var log, out var failure))
        {
            return failure;
        }

        try
        {
            var promise = await EpochPromise.LoadAsync(seams.Files, directory, cancel);
            promise.RequireHeld(directory, log.Durable);
            var replicated = new ReplicatedLog(log, promise, new(files.QueueBytesMax, files.WaitingAppendsMax), seams, directory, self, role, arbiter, network, options);
            relay.Target = replicated;
            log = null;
            return replicated;
        }
        finally
        {
            if (log is not null)
            {
                await log.DisposeAsync();
            }
        }
    }

    /// <summary>Takes part from here on.</summary>
    /// <param name="applied">What the node's state has applied; at first what a checkpoint holds, which was committed. Any thread may ask.</param>
    /// <param name="source">What others copy from this node.</param>
    /// <param name="target">Where this node gathers what it copies from another.</param>
    public void Begin(Func<LogPosition> applied, ICopySource source, ICopyTarget target)
    {
        this.applied = applied;
        var restored = applied();
        if (restored > log.Committed)
        {
            log.AdvanceCommitted(restored);
        }

        var view = new LogView(log.Chain, log.Front.Number, log.Durable.Number);
        loop = new(new(self, options, options.Rules, seams.Random, promise, view, restored.Number), options, seams.Time, () => applied().Number, Perform);
        this.target = target;
        serving = new(network, source, options, seams.Time, () => State.IsActive ? claimed : null, Own, stop.Token);
        network.Open(this);
        log.Death.GetAwaiter().OnCompleted(EndReads);
        Own(loop.Run(stop.Token));
        Own(arbiter.Watch());
        Own(LookAfterAway());
    }

    /// <summary>
    /// Hands over to another member, or to the one that is furthest where <paramref name="to"/> is null. Null when this log has died, of the other's claim if
    /// nothing else; otherwise why it goes on here. Either comes within seconds.
    /// </summary>
    public async Task<string?> HandOver(NodeId? to)
    {
        var refused = Wish(new HandOverRequested(to));
        return await Waits.First(log.Death, refused) == 0 ? null : await refused;
    }

    /// <summary>
    /// The active whose life the arbiter hears of; null where it hears of none. A member asks by itself before it claims
    /// for silence; a node that the set does not name has no reason to, and may hear nothing of an active that serves everybody else. Takes up to the lifetime of a hint.
    /// </summary>
    public Task<Result<AliveNote?>> ActiveElsewhere(CancellationToken cancel) => arbiter.WhoLives(cancel);

    /// <summary>An operator makes this node active although acknowledged rows may lie elsewhere. Null when it is; otherwise why not.</summary>
    public async Task<string?> Force(CancellationToken cancel)
    {
        // What is done already is no wish: the answer to it would be taken for that to a switchover.
        if (activated.Task.IsCompleted)
        {
            return null;
        }

        cancel.ThrowIfCancellationRequested();
        var refused = Wish(new ForceRequested());
        return await Waits.First(activated.Task, refused).Until(cancel) == 0 ? null : await refused;
    }

    public void Remove(NodeId node, bool forced) => loop.Post(new RemovalRequested(node, forced));

    /// <summary>Lets a node in again that an operator had taken out.</summary>
    public void Admit(NodeId node) => loop.Post(new AdmissionRequested(node));

    /// <summary>Clients' calls wait here that cannot be passed on, or wait no longer.</summary>
    public void CallsAreHeld(bool any) => loop.Post(new CallsHeld(any));

    void IPeerSink.Received(NodeId from, PeerMessage message)
    {
        if (from == State.Active?.Node)
        {
            lag.Heard();
        }

        if (message is CopyMessage copy)
        {
            Take(from, copy);
            return;
        }

        if (message is Ack ack)
        {
            serving.Follows(from, ack.Received);
        }

        if (message is Lead lead && lead.Epoch == State.Epoch)
        {
            lag.Told(lead.Commit, applied().Number);
        }

        if (message is Lead { Passed: { } passed })
        {
            followed.Told(message.Epoch, passed.At, passed.End.Number);
        }

        if (message is AskClock ask)
        {
            Own(Reserve(ask.Moment));
            return;
        }

        loop.Post(new Received(from, message));
    }

    int IPeerSink.Format => log.Format;

    void IPeerSink.Reads(NodeId from, int newestFormat) => formats[from] = newestFormat;

    void IPeerSink.Says(string sentence) => Tell(sentence);

    void IPeerSink.Lost(NodeId node) => loop.Post(new PeerLost(node));

    void IPeerSink.Ended(Epoch epoch) => loop.Post(new ProcessEnded(epoch));

    public async ValueTask DisposeAsync()
    {
        stop.Cancel();
        await Waits.First(Waits.All(running.Keys));
        await log.DisposeAsync();
        stop.Dispose();
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case Send send:
                if (send.Message is TakeOver)
                {
                    HandOverSteps.Mark("successor asked");
                }

                Feed(send.To).Add(send.Message is Lead lead ? lead with { Passed = log.Passed() } : send.Message);
                break;
            case StreamFrom stream:
                Feed(stream.To).Stream(claimed!.Value, new(Channel, stream.After));
                break;
            case MembersKnown members:
                foreach (var member in members.Members.Where(member => member.Node != self.Node))
                {
                    network.Know(member);
                }

                break;
            case ReadRecord:
                Own(arbiter.Read());
                break;
            case ReadAlive:
                Own(arbiter.ReadAlive());
                break;
            case ChangeRecord change:
                if (claimed is null)
                {
                    Takeover.Begin("claim sent");
                }

                Own(arbiter.Change(change));
                break;
            case ConfirmRecord confirm:
                Takeover.Mark("confirmation asked");
                Own(arbiter.Confirm(confirm));
                break;
            case Announce announce:
                Own(arbiter.Announce(announce.Note));
                break;
            case AnswerRead answer:
                if (reads.TryRemove(answer.Ticket, out var read))
                {
                    Interlocked.Decrement(ref readsWaiting);
                    read.TrySetResult(answer.Position);
                }

                break;
            case BecameActive:
                Takeover.Mark("fence committed");
                Own(Activate());
                break;
            case PeersStand stand:
                standings = stand.Peers;
                RaiseFormat();
                break;
            case Follows follows:
                Turn(follows);
                break;
            case SetChanged changed:
                Publish(now => now with { InSync = changed.InSync, AcceptsWrites = changed.AcceptsWrites });
                break;
            case StandsAlone stands:
                alone = stands.Alone;
                break;
            case WritesPaused pause:
                Pause(pause.Paused);
                break;
            case WishRefused refused:
                Refuse(refused.Sentence);
                break;
            case Says says:
                Tell(says.Sentence);
                break;
            case NeedsCopy copy:
                Fetch(copy);
                break;
            case NeedsNoCopy needless:
                if (needless.Matched is { } matched)
                {
                    Match(matched);
                }

                StopFetching(needless.Matched is not null);
                break;
            case Ended ended:
                HandOverSteps.Mark("overtaken");
                log.End(new EpochOverException(ended.Sentence, needsOperator: false) { IsOvertaken = true });
                break;
            case Stopped stopped:
                log.End(new EpochOverException(stopped.Sentence, needsOperator: true));
                break;
            default:
                OnDisk(effect);
                break;
        }
    }

    private async Task Activate()
    {
        if ((await opening!.Until(stop.Token)).TryGet(out var opened, out _))
        {
            Publish(now => now with { IsActive = true, Active = self, Epoch = opened.Fence.Epoch });
            activated.TrySetResult(opened);
        }
    }

    private void Match(Epoch epoch)
    {
        followed.Follow(epoch);
        Publish(now => now with { Matched = epoch });
    }

    private void Turn(Follows follows)
    {
        Interlocked.Increment(ref turnsSeen);
        lag.Heard();
        if (follows.Holder.Node == self.Node)
        {
            Takeover.Mark("claimed");
            Match(follows.Epoch);
        }

        var turn = new ReplicaTurn(follows.Epoch, follows.Holder, seams.Time.GetUtcNow(), Why(follows.Cause));
        Publish(now => now with
        {
            Active = follows.Holder,
            Epoch = follows.Epoch,
            IsActive = false,
            Turns = [turn, .. now.Turns.Take(ReplicaState.TurnsMax - 1)],
        });
    }

    /// <summary>
    /// The newest format is written once every member reads it, and every node that this process has met: one that was met with an older program and is away
    /// may come back with it.
    /// </summary>
    private void RaiseFormat()
    {
        if (log.Format < log.NewestFormat
            && State.IsActive
            && State.InSync.All(member => member.Node == self.Node || formats.ContainsKey(member.Node))
            && formats.Values.All(newest => newest >= log.NewestFormat))
        {
            log.RaiseFormat();
        }
    }

    /// <summary>A fence tells why its epoch was claimed; the record in the arbiter did not.</summary>
    private void Read(IReadOnlyList<LogRecord> records)
    {
        foreach (var record in records)
        {
            if (record.Kind == RecordKind.Fence
                && Fence.FromPayload(record.Position, record.Payload.Span) is { Note.Cause: not ClaimCause.Unknown } fence
                && State.Turns.FirstOrDefault(turn => turn.Epoch == fence.Epoch) is { } turn)
            {
                Publish(now => now with { Turns = now.Turns.Replace(turn, turn with { Why = Why(fence.Note.Cause) }) });
            }
        }
    }

    private static string Why(ClaimCause cause) => cause switch
    {
        ClaimCause.Formed => "the cluster was formed",
        ClaimCause.Restarted => "its process had ended and started anew",
        ClaimCause.ConnectionRefused => "the active's process had ended: its port refused",
        ClaimCause.ProcessEnded => "the active's supervisor told that its process had ended",
        ClaimCause.Silent => "the active was silent or made no progress",
        ClaimCause.HandedOver => "the active handed over",
        ClaimCause.Forced => "an operator forced it",
        _ => "another node claimed",
    };

    private void Pause(bool on)
    {
        TaskCompletionSource? ended = null;
        lock (gate)
        {
            if (on)
            {
                paused ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            else
            {
                (ended, paused) = (paused, null);
            }
        }

        ended?.TrySetResult();
    }

    /// <summary>What is not fulfilled is answered with why; two wishes at a time get one answer.</summary>
    private Task<string> Wish(CoreEvent wished)
    {
        Task<string> refused;
        lock (gate)
        {
            refused = (wish ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        loop.Post(wished);
        return refused;
    }

    private void Refuse(string sentence)
    {
        TaskCompletionSource<string>? refused;
        lock (gate)
        {
            (refused, wish) = (wish, null);
        }

        refused?.TrySetResult(sentence);
    }

    private void Tell(string sentence) => Publish(now => now with { Sentences = [sentence, .. now.Sentences.Take(ReplicaState.SentencesMax - 1)] });

    private void Publish(Func<ReplicaState, ReplicaState> change)
    {
        lock (gate)
        {
            state = change(state);
        }

        // Whoever is told last is told what stands.
        lock (telling)
        {
            Changed?.Invoke(State);
        }
    }

    private PeerFeed Feed(NodeId to) => feeds.GetOrAdd(to, node =>
    {
        var feed = new PeerFeed(node, log, network, stop.Token);
        Own(feed.Run());
        return feed;
    });

    /// <summary>Every task of this log is waited for when it is closed; one that fails ends the log.</summary>
    private void Own(Task task)
    {
        var watched = Watched(task);
        if (watched.IsCompleted)
        {
            return;
        }

        running[task] = watched;
        if (watched.IsCompleted)
        {
            running.TryRemove(task, out _);
        }
    }

    private async Task Watched(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception fault) when (fault is not LogDeadException && !stop.IsCancellationRequested)
        {
            log.End(fault);
        }
        catch (Exception) when (log.Death.IsCompleted || stop.IsCancellationRequested)
        {
            // The log has told why already.
        }
        finally
        {
            running.TryRemove(task, out _);
        }
    }

    /// <summary>What the log's writer tells, on its own turn.</summary>
    private sealed class Relay : ILogWatcher
    {
        public ReplicatedLog? Target { get; set; }

        public void Written(LogPosition end) => Target?.Written(end);

        public void Durable(LogPosition end) => Target?.Durable(end);
    }

    private void Written(LogPosition end)
    {
        lock (gate)
        {
            if (!owns)
            {
                return;
            }
        }

        slow.Written(end.Number);
        loop.Post(new LogAppended(end.Number));
        foreach (var feed in feeds.Values)
        {
            feed.Wake();
        }
    }

    private void Durable(LogPosition end)
    {
        var opened = false;
        lock (gate)
        {
            if (claimed is null)
            {
                return;
            }

            opened = !owns;
            owns = true;
        }

        if (opened)
        {
            Takeover.Mark("fence durable");

            // The first durable group of an epoch begins with its fence.
            loop.Post(new EpochOpened(log.Chain.Fences[^1]));
            loop.Post(new LogAppended(end.Number));

            // Whoever is streamed to hears of every later group when it is written.
            foreach (var feed in feeds.Values)
            {
                feed.Wake();
            }
        }

        slow.Durable(end.Number);
        loop.Post(new LogDurable(end.Number));
    }
}
