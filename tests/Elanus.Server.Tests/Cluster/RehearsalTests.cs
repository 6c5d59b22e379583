using Elanus.Coordination;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Primitives;
using Google.Protobuf;

namespace Elanus.Server.Tests.Cluster;

public sealed class RehearsalTests
{
    [Fact]
    public async Task Every_call_of_the_rehearsal_succeeds_and_nothing_of_it_stays()
    {
        var store = new InProcessStore(TimeProvider.System);
        var before = store.Image();
        var answers = new Dictionary<string, ReadOnlyMemory<byte>>();
        await using var work = new PooledWork();
        var files = new MemoryFileSystem();
        var configuration = ConfigurationReader.Read(new() { Flags = new Dictionary<string, string> { ["--cluster"] = "c", ["--arbiter"] = "dir:/arbiter" } }).Configuration!;

        await Rehearsal.Run(
            configuration, new InProcessArbiter(store), new(files, TimeProvider.System, new SeededRandom(1), work), (method, reply) => answers.Add(method, reply), CancellationToken.None);

        Assert.Equal(10, answers.Count);
        Assert.All(new[] { "CreateCollection", "CreateIndex", "LoadCollection" }, method => Assert.Equal(0, Read<Status>(answers[method]).Code));
        Assert.Equal(2, Read<MutationResult>(answers["Insert"]).InsertCnt);
        Assert.Equal(2, Read<MutationResult>(answers["Upsert"]).UpsertCnt);
        Assert.Equal(1, Read<MutationResult>(answers["Delete"]).DeleteCnt);
        Assert.Equal(2, Read<QueryResults>(answers["Query"]).FieldsData.Count);
        Assert.Single(Read<SearchResults>(answers["Search"]).Results.Ids.IntId.Data);
        Assert.Equal(0, Read<DescribeCollectionResponse>(answers["DescribeCollection"]).Status.Code);
        Assert.Equal(before, store.Image());
        Assert.Null(await files.ListAsync("/rehearsal", CancellationToken.None));
    }

    private static TReply Read<TReply>(ReadOnlyMemory<byte> reply)
        where TReply : IMessage<TReply>, new() => new MessageParser<TReply>(() => new()).ParseFrom(reply.Span[5..]);
}
