using System.Globalization;
using Elanus.Coordination;
using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Server.Operations.Protocol;
using Microsoft.Extensions.Logging;

namespace Elanus.Server;

/// <summary>
/// Whether this node and the active mean the same directory by the arbiter's path, and its <c>link(2)</c> has one winner between them (<see cref="MountRace"/>).
/// Asked by a node before it joins, answered by the active. Any thread.
/// </summary>
internal sealed class SharedMounts(MountRace race, NodeTls tls, string token, IRandomSource random, ILogger log)
{
    private static readonly RpcMethod<RaceRequest, RaceEntry> Method = new(NodeReflection.Descriptor.Services.Single(), "EnterRace");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private int racing;

    /// <summary>A failure names the two nodes and what is wrong. An active that does not answer proves nothing, and refuses nobody.</summary>
    public async Task<Result<Unit>> Prove(NodeId self, Member active, CancellationToken cancel)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{self}-{random.NextUInt64():x16}");
        if (!(await race.EnterAsync(name, self)).TryGet(out var own, out var failure))
        {
            return failure;
        }

        using var channel = tls.Dial(active.Address, Patience);
        var answer = await channel.Call(Method, new() { Race = name }, new() { Timeout = Patience, Headers = new RpcMetadata().Add(NodeOperations.TokenHeader, token) }, cancel);
        Result<Unit> proven = Result.Ok;
        if (!answer.TryGet(out var theirs, out var why))
        {
            ServerLog.MountsNotCompared(log, active.Address, why.Message ?? "");
        }
        else if (race.Judge(own, new(new(theirs.Node), theirs.Won, theirs.Seen)) is { } wrong)
        {
            proven = wrong;
        }

        await race.LeaveAsync(name);
        return proven;
    }

    /// <summary>This node's part in another one's race; in one at a time, for a share that hangs keeps a thread that the log needs too.</summary>
    public async Task<Result<MountRaceEntry>> Enter(string name, NodeId self)
    {
        if (Interlocked.Exchange(ref racing, 1) == 1)
        {
            return new Failure(FailureCode.Unavailable, "this node is in a race for another name still");
        }

        try
        {
            return await race.EnterAsync(name, self);
        }
        finally
        {
            Volatile.Write(ref racing, 0);
        }
    }
}
