using Elanus.Coordination;
using Elanus.Milvus;
using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Server.Operations.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>A member of a cluster in this process: follows, becomes active when the arbiter says so, and passes calls on while it is not.</summary>
public static class ClusterHost
{
    /// <summary>How long a node that hands over waits for another one to be active.</summary>
    private static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(3);

    /// <summary>How long a node may take to close before its process ends as it is.</summary>
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(5);

    /// <summary>What ends behind the drain and the close: ports, streams to other nodes, the process itself.</summary>
    private static readonly TimeSpan LastSteps = TimeSpan.FromSeconds(7);

    /// <summary>How often a node that is no longer active asks the arbiter who is.</summary>
    /// <summary>How long one question to the arbiter may take; it is asked again then.</summary>
    private static readonly TimeSpan QuestionPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(20);

    /// <summary>Other nodes' streams end with the port, not by themselves.</summary>
    private static readonly TimeSpan PeersPatience = TimeSpan.FromMilliseconds(100);

    internal static readonly TimeSpan DialPatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan StandbyLine = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan CopyLine = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Takes part until <paramref name="stop"/>, or until the node is to be started again; then hands over if it is active, drains, and closes. A failure is a sentence for the operator; the process
    /// must end then, and its supervisor starts the next. <paramref name="life"/> is the line to that supervisor, where there is one.
    /// </summary>
    public static async Task<Result<ClusterEnd>> RunAsync(ServerConfiguration configuration, IFileSystem files, SupervisedLife? life, TextWriter output, CancellationToken stop)
    {
        using var logging = ConsoleLogging.Create(configuration.LogLevel);
        return await RunAsync(configuration, files, life, logging, output, stop);
    }

    /// <inheritdoc cref="RunAsync(ServerConfiguration, IFileSystem, SupervisedLife?, TextWriter, CancellationToken)"/>
    internal static async Task<Result<ClusterEnd>> RunAsync(
        ServerConfiguration configuration, IFileSystem files, SupervisedLife? life, ILoggerFactory logging, TextWriter output, CancellationToken stop)
    {
        // Also a start that waits, for the arbiter or for an active, ends with its supervisor.
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var over = new CancellationTokenSource();
        var orphaned = EndWithSupervisor(life, starting, over.Token);
        try
        {
            return await RunAsync(configuration, files, life, logging, output, starting.Token, stop);
        }
        catch (OperationCanceledException) when (starting.IsCancellationRequested)
        {
            return ClusterEnd.Asked;
        }
        finally
        {
            await over.CancelAsync();
            await orphaned;
        }
    }

    /// <summary>How long a server may take to end that was asked to: to hand over, drain and close.</summary>
    public static TimeSpan EndPatience(ServerConfiguration configuration) => HandOverPatience + configuration.StopTimeout + ClosePatience + LastSteps;

    private static async Task EndWithSupervisor(SupervisedLife? life, CancellationTokenSource starting, CancellationToken over)
    {
        if (life is not null && await Task.WhenAny(life.SupervisorGone, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, over)) == life.SupervisorGone)
        {
            await starting.CancelAsync();
        }
    }

    private static async Task<Result<ClusterEnd>> RunAsync(
        ServerConfiguration configuration, IFileSystem files, SupervisedLife? life, ILoggerFactory logging, TextWriter output, CancellationToken starting, CancellationToken stop)
    {
        var log = logging.CreateLogger("Elanus");
        await using var work = new PooledWork();
        var seams = new NodeSeams(files, TimeProvider.System, new SystemRandom(), work);
        var cluster = configuration.Cluster;
        if (!NodeTls.Of(configuration.Tls).TryGet(out var tls, out var failure)
            || !ArbiterAddress.Parse(cluster.Arbiter).TryGet(out var address, out failure)
            || !address.Open(seams.Files, seams.Time, seams.Random).TryGet(out var arbiter, out failure))
        {
            return failure;
        }

        await using var judge = arbiter;
        var limits = new ForwardingLimits
        {
            BodyBytesMax = configuration.Limits.ReceivedBytesMax + 16,
            HeldMax = configuration.Cluster.Forwarding ? new ForwardingLimits().HeldMax : 0,
        };
        await using var ports = new ServerPorts(configuration, seams.Time, logging) { Waits = (ClusterCalls.IsForActive, limits) };
        if (!(await ports.Bind(starting)).TryGet(out _, out failure))
        {
            return failure;
        }

        if (!(await Token(cluster, configuration.DataPath, arbiter, seams, log, starting)).TryGet(out var token, out failure))
        {
            return failure;
        }

        var mounts = address.SharedDirectory is { } shared ? new SharedMounts(new(seams.Files, shared, seams.Random), tls, token, seams.Random, log) : null;
        RpcPeerNetwork? network = null;
        var membership = new ClusterMembership(
            cluster.Name,
            token,
            ports.Reachable,
            arbiter,
            node => network = new(new(cluster.Name, node, token) { NewestFormat = configuration.Log.NewestFormat }, ports.Reachable, new(1), peer => tls.Dial(peer, DialPatience), seams.Time, sentence => ServerLog.Peer(log, sentence)),
            new() { MinInSync = cluster.MinInSync })
        {
            IsRunningAt = async (other, node, cancel) => (await Ask(tls, other, cancel))?.Node == node.ToString(),
            Proves = mounts is null ? null : mounts.Prove,
            Tells = sentence => ServerLog.Peer(log, sentence),
        };
        try
        {
            if (!(await Start(configuration, seams, membership, log, starting)).TryGet(out var node, out failure))
            {
                return failure;
            }

            if (node is null)
            {
                return ClusterEnd.StartsAgain;
            }

            try
            {
                return await Serve(node, network!, token, mounts, tls, ports, limits, configuration, arbiter, life, seams, logging, output, stop);
            }
            finally
            {
                var closed = node.DisposeAsync().AsTask();
                if (await Task.WhenAny(closed, Task.Delay(ClosePatience, seams.Time, CancellationToken.None)) == closed)
                {
                    await closed;
                }
                else
                {
                    // Its state may hang, and a record that nobody can commit is waited for. What was answered is on disk: the end of the process leaves nothing behind.
                    ServerLog.HangsAtItsEnd(log, ClosePatience.TotalSeconds);
                }
            }
        }
        finally
        {
            await (network?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private static async Task<Result<ClusterEnd>> Serve(
        StandaloneNode node,
        RpcPeerNetwork network,
        string token,
        SharedMounts? mounts,
        NodeTls tls,
        ServerPorts ports,
        ForwardingLimits limits,
        ServerConfiguration configuration,
        IArbiter arbiter,
        SupervisedLife? life,
        NodeSeams seams,
        ILoggerFactory logging,
        TextWriter output,
        CancellationToken stop)
    {
        var log = logging.CreateLogger("Elanus");
        NodeJournal.Begin(node, log);
        var replica = node.Replica!;
        var board = new ActiveBoard();
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
            ConnectTimeout = limits.SilenceMax,
            KeepAlivePingDelay = limits.SilenceMax,
            KeepAlivePingTimeout = limits.SilenceMax,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        if (tls.Trust is { } trust)
        {
            handler.SslOptions = trust.Options();
        }

        using var http = new HttpMessageInvoker(handler, disposeHandler: false);
        var here = TellFirstAnswer(replica, log, ClientCalls.Over(node, configuration, ports.Reachable, seams.Time, logging));
        var mark = OwnCluster.Mark(configuration.Cluster.Name, token);
        var forwarder = new CallForwarder(board, limits, http, tls.Scheme, mark, seams.Time, seams.Random, new(ports.Reachable, here, TakesOver, () => replica.Members.Any ? replica.WhyNoWrites : null));
        forwarder.Waiting += replica.CallsAreHeld;
        RequestDelegate elsewhere = call => replica.Members.StayAway ? FailedCalls.Refuse(call, replica.WhyNoWrites) : forwarder.Serve(call);
        var reads = configuration.Cluster.Reads ? new StandbyReads(new(node.Roles.Proxy.Context, seams.Time), here, elsewhere, limits.BodyBytesMax, forwarder.Bodies) : null;
        using var metrics = new ClusterMetrics(replica, () => forwarder.Held, () => reads?.Answered ?? 0);
        var status = new ClusterStatus(node, replica, network.IsConnected, ports.Reachable, configuration.Cluster.Name, () => forwarder.Held);
        ClusterCalls? calls = null;
        var operations = new ClusterOperations(
            node,
            replica,
            () =>
            {
                board.Post(null);
                return calls!.PassOnBehindOthers();
            },
            () =>
            {
                calls!.Answer();
                board.Post(ports.Reachable);
            },
            (address, cancel) => Ask(tls, address, cancel),
            sentence => ServerLog.Forcing(log, sentence),
            seams.Time);
        calls = new ClusterCalls(
            network.Service(),
            network.Admits,
            NodeOperations.Service(status.Now, operations, token, mounts is null ? null : name => mounts.Enter(name, node.Node)),
            here,
            reads is null ? elsewhere : reads.Serve,
            forwarder.Refuse,
            seams.Time,
            logging);
        ClusterJournal.Begin(node.Node, replica, log);
        replica.Changed += Post;
        Post(replica.State);
        ports.Serve(HealthPage.Before(OwnCluster.Before(calls.Serve, mark), status.Now));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var serving = Activate(node, calls, board, ports.Reachable, life, log, ended.Token);
        var telling = TellStandby(node, log, seams.Time, ended.Token);
        var copying = TellCopying(replica, log, seams.Time, ended.Token);
        var rehearsing = Rehearse(configuration, arbiter, seams, log, ended.Token);
        var misplaced = SharedAddress.Found(replica, node.Node, ports.Reachable, seams.Time, ended.Token);
        var over = Task.WhenAny(node.Death, misplaced, life?.SupervisorGone ?? node.Death);
        await FirstKnown(board, over, () => replica.Members.Any, seams.Time, ended.Token);
        if (!misplaced.IsCompleted)
        {
            ServerLog.Serving(log, node.Node, ports.ClientAddress, ports.MetricsAddress, configuration.DataPath);
            await output.WriteLineAsync($"elanus: standalone is serving on {ports.ClientAddress}");
            await output.FlushAsync(CancellationToken.None);
        }

        if (!node.Death.IsCompleted && !misplaced.IsCompleted)
        {
            life?.ReportServing();
        }

        await Task.WhenAny(over, Task.Delay(Timeout.InfiniteTimeSpan, seams.Time, stop));
        if (stop.IsCancellationRequested && replica.State.IsActive && !node.Death.IsCompleted)
        {
            ServerLog.HandingOver(log);
            replica.HandOverSteps.Begin("asked");
            board.Post(null);
            await calls.PassOnBehindOthers();
            replica.HandOverSteps.Mark("calls drained");
            await Task.WhenAny(replica.HandOver(null), Task.Delay(HandOverPatience, seams.Time, CancellationToken.None));
        }

        calls.PassOn();
        if (node.Death.IsCompleted && replica.HandOverSteps.Done.Length > 0)
        {
            ServerLog.HandedOver(log, replica.HandOverSteps);
        }

        Result<ClusterEnd> outcome = ClusterEnd.Asked;
        if (node.Death.IsCompleted && !stop.IsCancellationRequested)
        {
            var why = await node.Death;
            if (why is EpochOverException { StartsAgain: true } && replica.State.Copying is { } copied)
            {
                ServerLog.Copied(log, copied.TotalBytes, copied.Elapsed.TotalSeconds);
            }

            outcome = why is EpochOverException { StartsAgain: true } ? ClusterEnd.StartsAgain
                : why is EpochOverException { IsOvertaken: true } ? ClusterEnd.Overtaken
                : new Failure(why is EpochOverException { NeedsOperator: true } ? FailureCode.InvalidParameter : FailureCode.Internal, $"the server stopped itself: {why.Message}");
        }

        if (misplaced.IsCompletedSuccessfully)
        {
            outcome = await misplaced;
        }

        // What is held here is passed on to whoever is active now.
        using var draining = new CancellationTokenSource(configuration.StopTimeout, seams.Time);
        var asking = AskForActive(arbiter, configuration.Cluster.Name, new(node.Node, ports.Reachable), board, seams.Time, draining.Token);
        ServerLog.Draining(log, configuration.StopTimeout.TotalSeconds);
        await calls.EndOfEarlier(draining.Token);
        await ports.Drain(PeersPatience, () => calls.InProgress == 0, draining.Token);
        await draining.CancelAsync();
        await ended.CancelAsync();
        await Task.WhenAll(Quiet(asking), Quiet(serving), Quiet(telling), Quiet(copying), Quiet(rehearsing), Quiet(misplaced));
        ServerLog.Stopped(log);

        // It may have been asked to stop while it drained to be started again.
        return outcome.Succeeded && stop.IsCancellationRequested ? ClusterEnd.Asked : outcome;

        bool TakesOver() => replica.State.Active?.Node == node.Node && !node.Active.IsCompleted && !node.Death.IsCompleted;

        void Post(ReplicaState state)
        {
            if (state.Active is { } active && active.Node != node.Node && active.Address != ports.Reachable)
            {
                board.Post(active.Address);
            }
            else if (state.Active is not null && !state.IsActive)
            {
                // It claimed, and does not serve yet: nobody else is asked meanwhile. Or who is known at this node's own address is what it was, or has no address of its own.
                board.Post(null);
            }
        }
    }

    /// <summary>Nobody waits for it and nothing depends on it; where it goes wrong a takeover is slower, and the log says so.</summary>
    private static async Task Rehearse(ServerConfiguration configuration, IArbiter arbiter, NodeSeams seams, ILogger log, CancellationToken stop)
    {
        try
        {
            var (begun, calls) = (seams.Time.GetTimestamp(), 0);
            await Rehearsal.Run(configuration, arbiter, seams, (_, _) => calls++, stop);
            ServerLog.Rehearsed(log, calls, seams.Time.GetElapsedTime(begun).TotalMilliseconds);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            ServerLog.NotRehearsed(log, fault);
        }
    }

    /// <summary>How whoever answers at an address is; null where nobody does.</summary>
    private static async Task<NodeStatus?> Ask(NodeTls tls, string address, CancellationToken cancel)
    {
        using var channel = tls.Dial(address, DialPatience);
        return (await channel.Call(NodeOperations.StatusMethod, new(), new() { Timeout = DialPatience }, cancel)).TryGet(out var status, out _) ? status : null;
    }

    /// <summary>Answers clients here once the roles are active.</summary>
    private static async Task Activate(
        StandaloneNode node, ClusterCalls calls, ActiveBoard board, string reachable, SupervisedLife? life, ILogger log, CancellationToken stop)
    {
        await node.Active.WaitAsync(stop);
        var replica = node.Replica!;
        calls.Answer();
        board.Post(reachable);
        var epoch = (await replica.Activated).Fence.Epoch;
        ServerLog.BecameActive(log, epoch, node.Committed, replica.Takeover);
        replica.Changed += Report;
        Report(replica.State);

        void Report(ReplicaState state) => life?.Report(new(
            node.Node, epoch, [.. state.InSync.Where(member => member.Node != node.Node).Select(member => member.Address)]));
    }

    /// <summary>Says once how long a takeover lasted for the first client that it let wait.</summary>
    private static RequestDelegate TellFirstAnswer(ReplicatedLog replica, ILogger log, RequestDelegate here)
    {
        var told = false;
        return async call =>
        {
            if (!Volatile.Read(ref told) && replica.State.IsActive)
            {
                replica.Takeover.Mark("first call came");
            }

            await here(call);
            if (!Volatile.Read(ref told) && replica.State.IsActive && replica.Takeover.Mark("first call answered"))
            {
                Volatile.Write(ref told, true);
                ServerLog.TookOver(log, replica.State.Epoch, replica.Takeover);
            }
        };
    }

    private static async Task TellStandby(StandaloneNode node, ILogger log, TimeProvider time, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(StandbyLine, time, stop);
            if (!node.Replica!.State.IsActive)
            {
                var (records, behind) = node.Replica.Lag;
                ServerLog.Standby(log, node.Node, node.Replica.State.Active?.Address ?? "nobody", node.Roles.Applied, records, behind.TotalSeconds);
            }
        }
    }

    /// <summary>Says how far a copy is, as often as it has got further.</summary>
    private static async Task TellCopying(ReplicatedLog replica, ILogger log, TimeProvider time, CancellationToken stop)
    {
        CopyProgress? told = null;
        while (true)
        {
            if (replica.State.Copying is { } now && now != told)
            {
                told = now;
                ServerLog.Copying(log, now.Percent, now.Bytes, now.TotalBytes, now.Elapsed.TotalSeconds);
            }

            await Task.Delay(CopyLine, time, stop);
        }
    }

    /// <summary>Waits until calls can be answered or passed on, or the node's end has come.</summary>
    private static async Task FirstKnown(ActiveBoard board, Task over, Func<bool> awaitsMembers, TimeProvider time, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (active, changed) = board.Look();
            if (active is not null || over.IsCompleted || awaitsMembers())
            {
                return;
            }

            await Task.WhenAny(changed, over, Task.Delay(AskAgain, time, stop));
        }
    }

    private static async Task AskForActive(IArbiter arbiter, string role, Member own, ActiveBoard board, TimeProvider time, CancellationToken stop)
    {
        while (true)
        {
            var read = await Asked(once => arbiter.ReadAsync(role, once), time, stop);
            if (read.Succeeded && read.Value?.Record is { } record && record.Holder != own.Node && record.InSync.FirstOrDefault(member => member.Node == record.Holder) is { } holder && holder.Address != own.Address)
            {
                board.Post(holder.Address);
                return;
            }

            await Task.Delay(AskAgain, time, stop);
        }
    }

    private static async Task Quiet(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }
    }

    private static async Task<Result<T>> Asked<T>(Func<CancellationToken, ValueTask<Result<T>>> question, TimeProvider time, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(QuestionPatience, time);
        using var once = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        return await question(once.Token);
    }

    /// <summary>The configured token, or the one that the arbiter keeps; waited for while the arbiter does not answer.</summary>
    private static async Task<Result<string>> Token(ClusterSettings cluster, string dataPath, IArbiter arbiter, NodeSeams seams, ILogger log, CancellationToken stop)
    {
        if (cluster.Token.Length > 0)
        {
            return cluster.Token;
        }

        // An arbiter that was emptied is given the token that the members know.
        var drawn = new byte[32];
        seams.Random.Fill(drawn);
        var known = await ClusterMembership.ClusterOf(seams.Files, dataPath, stop) == cluster.Name ? await ClusterMembership.ReadToken(seams.Files, dataPath, stop) : null;
        var proposed = known ?? Convert.ToHexString(drawn);
        var told = false;
        while (true)
        {
            var kept = await Asked(once => arbiter.ValueAsync(cluster.Name, "token", proposed, once), seams.Time, stop);
            if (kept.Succeeded)
            {
                return kept;
            }

            stop.ThrowIfCancellationRequested();
            if (!told)
            {
                ServerLog.Peer(log, $"the arbiter {arbiter.Name} does not answer, and is asked again until it does: {kept.Failure.Sentence}");
                told = true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), seams.Time, stop);
        }
    }

    /// <summary>Null where the node is to be started again.</summary>
    private static async Task<Result<StandaloneNode?>> Start(ServerConfiguration configuration, NodeSeams seams, ClusterMembership membership, ILogger log, CancellationToken stop)
    {
        try
        {
            return (await StandaloneNode.Start(StandaloneHost.Settings(configuration), seams, membership, stop)).TryGet(out var node, out var failure) ? node : failure;
        }
        catch (EpochOverException over) when (over.StartsAgain)
        {
            ServerLog.Peer(log, over.Message);
            return Result<StandaloneNode?>.Ok(null);
        }
    }
}
