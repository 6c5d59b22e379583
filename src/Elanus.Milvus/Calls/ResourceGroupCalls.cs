using Elanus.Milvus.Protocol;

namespace Elanus.Milvus;

/// <summary>Looks at resource groups: there is the default one, with the node that answers, and what is loaded. Making others is not there yet.</summary>
public sealed class ResourceGroupCalls(Proxy proxy, ServerIdentity server) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .Add<ListResourceGroupsRequest, ListResourceGroupsResponse>("ListResourceGroups", List)
        .Add<DescribeResourceGroupRequest, DescribeResourceGroupResponse>("DescribeResourceGroup", Describe);

    public static ListResourceGroupsResponse List(ListResourceGroupsRequest request, CallScope scope) =>
        new() { Status = Statuses.Ok(), ResourceGroups = { SegmentCalls.DefaultResourceGroup } };

    public DescribeResourceGroupResponse Describe(DescribeResourceGroupRequest request, CallScope scope)
    {
        if (request.ResourceGroup != SegmentCalls.DefaultResourceGroup)
        {
            return new() { Status = Statuses.Of(Failure.Of(FailureCode.ResourceGroupNotFound, ("rg", request.ResourceGroup))) };
        }

        var group = new ResourceGroup
        {
            Name = SegmentCalls.DefaultResourceGroup,
            Capacity = 1,
            NumAvailableNode = 1,
            Nodes = { new Protocol.Common.NodeInfo { NodeId = server.ProtocolNodeId, Address = server.Address } },
        };
        var metadata = proxy.Metadata;
        foreach (var collection in metadata.Root.Collections.Values.Where(c => metadata.Loads.Of(c.Id) is not null))
        {
            group.NumLoadedReplica[collection.Name] = 1;
        }

        return new() { Status = Statuses.Ok(), ResourceGroup = group };
    }
}
