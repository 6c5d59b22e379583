using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Rpc;
using Elanus.Rpc.Client;

namespace Elanus.Compat.Tests;

/// <summary>A pair goes from one record format to the next, node by node, while a client that knows both nodes writes.</summary>
public sealed class UpgradeTests
{
    private static readonly RpcMethod<InsertRequest, MutationResult> InsertMethod = new(ServiceReflection.Descriptor.Services.Single(s => s.Name == "MilvusService"), "Insert");

    private static readonly TimeSpan CallMax = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Each_node_is_restarted_on_the_newer_format_under_load_and_no_call_fails()
    {
        string[] old = ["--write-format", "1"];
        await using var pair = await ClusterPair.Start(old);
        await pair.Whole();
        await Survivors.Begin(pair.First);
        Assert.Equal(1, await Format(pair.First));
        using var stop = new CancellationTokenSource();
        var written = new List<long>();
        var load = Write([pair.First.Address, pair.Second.Address], written, stop.Token);
        await More(written, load);

        // The standby first: the active has met its older program, and goes on writing what that reads.
        await pair.Restart(pair.Second);
        await pair.Whole();
        await More(written, load);
        var between = await ClusterPair.Until(pair.Second, _ => true);
        Assert.Equal((1, 2), (between.GetProperty("record_format").GetInt32(), between.GetProperty("newest_format").GetInt32()));
        Assert.Equal(1, await Format(pair.First));

        // Then the active, which hands over.
        await pair.Restart(pair.First);
        await ClusterPair.Until(pair.Second, status => status.GetProperty("role").GetString() == "active" && status.GetProperty("in_sync").GetArrayLength() == 2);
        await ClusterPair.Until(pair.Second, status => status.GetProperty("record_format").GetInt32() == 2);
        await More(written, load);
        await ClusterPair.Until(pair.First, status => status.GetProperty("record_format").GetInt32() == 2 && status.GetProperty("lag_records").GetInt32() == 0);
        await stop.CancelAsync();
        await load;
        using var channel = Survivors.Open(pair.First);
        Assert.Equal(written.Order(), (await Survivors.Ids(channel)).Order());

        // Back with the older program: refused, with what to do, and nothing is harmed.
        Assert.Equal(0, await pair.First.Stop());
        var back = await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Member("first", ClusterPair.FreePort(), old));
        Assert.Contains("use the version that wrote it", back.Message, StringComparison.Ordinal);
    }

    private static async Task<int> Format(ServerProcess node) => (await ClusterPair.Until(node, _ => true)).GetProperty("record_format").GetInt32();

    private static async Task More(List<long> written, Task load)
    {
        var before = Count();
        while (Count() < before + 50)
        {
            Assert.False(load.IsCompleted, $"{load.Exception}");
            await Task.Delay(5);
        }

        int Count()
        {
            lock (written)
            {
                return written.Count;
            }
        }
    }

    /// <summary>One call after another; one that reaches nobody is repeated, under its id, at the other node.</summary>
    private static async Task Write(string[] nodes, List<long> written, CancellationToken stop)
    {
        var channels = nodes.Select(node => new RpcChannel(new($"http://{node}"), new())).ToList();
        var at = 0;
        for (var id = 1L; !stop.IsCancellationRequested; id++)
        {
            var insert = new InsertRequest { CollectionName = Survivors.Collection, NumRows = 1 };
            insert.FieldsData.Add(new FieldData { FieldName = "id", Type = DataType.Int64, Scalars = new() { LongData = new() { Data = { id } } } });
            insert.FieldsData.Add(new FieldData { FieldName = "v", Type = DataType.FloatVector, Vectors = new() { Dim = 2, FloatVector = new() { Data = { id, 0f } } } });
            using var patience = new CancellationTokenSource(CallMax);
            var headers = new RpcMetadata().Add("elanus-request-id", $"{id:x32}");
            while (true)
            {
                var reply = await channels[at].Call(InsertMethod, insert, new() { Headers = headers }, patience.Token);
                if (reply.TryGet(out var answer, out var why))
                {
                    Assert.True(answer.Status.Code == 0, $"insert {id}: {answer.Status}");
                    break;
                }

                Assert.True(why.Code == RpcStatusCode.Unavailable && !patience.IsCancellationRequested, $"insert {id}: {why}");
                at = (at + 1) % channels.Count;
            }

            lock (written)
            {
                written.Add(id);
            }
        }

        channels.ForEach(channel => channel.Dispose());
    }
}
