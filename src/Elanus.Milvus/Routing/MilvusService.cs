using Elanus.Rpc;

namespace Elanus.Milvus;

/// <summary>MilvusService over the roles: every feature's calls, and an honest answer for the rest.</summary>
public static class MilvusService
{
    /// <param name="proxy">The roles.</param>
    /// <param name="server">What the server says of itself.</param>
    /// <param name="time">The clock behind times that are shown.</param>
    /// <param name="health">How the server is; asked at each health call.</param>
    public static RpcService Build(Proxy proxy, ServerIdentity server, TimeProvider time, Func<ServerHealth> health)
    {
        var routes = new CallRoutes();
        foreach (var group in Groups(proxy, server, time, health))
        {
            group.Route(routes);
        }

        return routes.Build();
    }

    internal static IReadOnlyList<ICallGroup> Groups(Proxy proxy, ServerIdentity server, TimeProvider time, Func<ServerHealth> health) =>
    [
        new ServerCalls(proxy, server, health),
        new UserCalls(proxy),
        new DatabaseCalls(proxy),
        new CollectionCalls(proxy),
        new CollectionViews(proxy),
        new PartitionCalls(proxy),
        new AliasCalls(proxy),
        new IndexCalls(proxy),
        new LoadCalls(proxy),
        new WriteCalls(proxy),
        new QueryCalls(proxy),
        new SearchCalls(proxy),
        new FlushCalls(proxy, time),
        new SegmentCalls(proxy, server),
        new CompactionCalls(proxy),
        new ResourceGroupCalls(proxy, server),
    ];
}
