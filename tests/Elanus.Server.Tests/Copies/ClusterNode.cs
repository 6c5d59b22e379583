using Elanus.Coordination;
using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Roles;

namespace Elanus.Server.Tests;

/// <summary>A member over files in memory, started again whenever it says that it is to be; small logs and checkpoints.</summary>
internal sealed class ClusterNode(string name, PeerHub hub, InProcessStore arbiter) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PooledWork work = new(1);
    private IPeerNetwork? network;
    private ulong seed;

    public string Name => name;

    /// <summary>For how long this node keeps what another one copies and is silent about.</summary>
    public int CopyPatienceMs { get; init; } = new ReplicaOptions().CopyPatienceMs;

    /// <summary>For how long it must hear nothing of the active before it takes it for silent; twice as long at most.</summary>
    public int SilenceMs { get; init; } = 3000;

    /// <summary>Members besides itself that a write needs.</summary>
    public int MinInSync { get; init; }

    /// <summary>For how long this node keeps its log for one that is away.</summary>
    public int AwayKeptMs { get; init; }

    /// <summary>And how much of it.</summary>
    public long AwayKeptBytesMax { get; init; } = new ReplicaOptions().AwayKeptBytesMax;

    /// <summary>How long one file of its log is.</summary>
    public int LogSegmentBytes { get; init; } = 32 * 1024;

    /// <summary>Bytes that may wait for their commit.</summary>
    public long QueueBytes { get; init; } = 64L << 20;

    /// <summary>How much log brings a checkpoint by itself.</summary>
    public long CheckpointBytes { get; init; } = 48 * 1024;

    public MemoryFileSystem Files { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where it says that it is reached; its name where nothing else is said.</summary>
    public string? Address { get; init; }

    /// <summary>Whether a process answers at an address as a node.</summary>
    public Func<string, NodeId, CancellationToken, bool>? IsRunningAt { get; init; }

    /// <summary>Its way to the arbiter, where that is not a straight one.</summary>
    public IArbiter? Judge { get; init; }

    /// <summary>The files as the node sees them, where that is not as they are.</summary>
    public IFileSystem? Seen { get; set; }

    public StandaloneNode Node { get; private set; } = null!;

    public ReplicaState State => Node.Replica!.State;

    public Proxy Proxy => Node.Roles.Proxy;

    private NodeSettings Settings => new()
    {
        DataPath = $"/{name}",
        Log = new() { SegmentBytes = LogSegmentBytes, QueueBytesMax = QueueBytes },
        Checkpoints = new() { LogBytesMin = CheckpointBytes, RecordBytesMin = 512 },
        SegmentBytesMax = 96 * 1024,
    };

    public async Task<Result<StandaloneNode>> TryStart()
    {
        var id = (ulong)name[0];
        var membership = new ClusterMembership(
            "test", "token", Address ?? name, Judge ?? new InProcessArbiter(arbiter), node => network = hub.Of(node), new() { SilenceMinMs = SilenceMs, SilenceMaxMs = SilenceMs * 2, LeaveAfterMs = 2000, MinInSync = MinInSync, CopyPatienceMs = CopyPatienceMs, AwayKeptMs = AwayKeptMs, AwayKeptBytesMax = AwayKeptBytesMax })
        {
            IsRunningAt = IsRunningAt is null ? null : (address, node, cancel) => Task.FromResult(IsRunningAt(address, node, cancel)),
        };
        return await StandaloneNode.Start(Settings, new(Seen ?? Files, Time, new SeededRandom((id * 1000) + seed++), work), membership, default);
    }

    public async Task Start() => Node = (await TryStart()).Value;

    /// <summary>Waits until its life ends, which must be the end that a copy brings, and starts the next.</summary>
    public async Task StartsAgain()
    {
        await IsFetched();
        await Start();
    }

    /// <summary>Waits until its life ends, which must be the end that a copy brings.</summary>
    public async Task IsFetched()
    {
        var why = await Node.Death.Within(Patience, TimeProvider.System, default).ContinueWith(_ => Node.Death.IsCompleted ? Node.Death.Result : new TimeoutException(), TaskScheduler.Default);
        Assert.True(why is EpochOverException { StartsAgain: true }, $"{name} ended otherwise: {why}");
        await Stop();
    }

    /// <summary>Ends it as a killed process would.</summary>
    public async Task Stop()
    {
        await (network?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Node?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    public static async Task Until(Func<bool> condition, Func<string> otherwise)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Patience, $"waited in vain: {otherwise()}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await work.DisposeAsync();
    }
}
