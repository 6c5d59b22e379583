using Elanus.Milvus.Protocol.Common;
using Elanus.Milvus.Tests.Calls;
using Google.Protobuf;

namespace Elanus.Milvus.Tests.Routing;

public sealed class RoutingTests(Standalone node) : IClassFixture<Standalone>
{
    /// <summary>Methods whose reply has no status to say no in.</summary>
    private static readonly string[] LeftToGrpc = ["GetReplicateInfo", "CreateReplicateStream", "DumpMessages"];

    /// <summary>Methods that answer code 10. One that gets built leaves this list.</summary>
    private static readonly string[] NotBuilt =
    [
        "AddCollectionFunction", "AlterCollectionFunction", "DropCollectionFunction", "CalcDistance", "RegisterLink", "LoadBalance",
        "Import", "GetImportState", "ListImportTasks",
        "CreateRole", "AlterRole", "DropRole", "OperateUserRole", "OperatePrivilege", "OperatePrivilegeV2", "SelectGrant",
        "CreatePrivilegeGroup", "DropPrivilegeGroup", "ListPrivilegeGroups", "OperatePrivilegeGroup", "BackupRBAC", "RestoreRBAC",
        "CreateResourceGroup", "DropResourceGroup", "UpdateResourceGroups", "TransferNode", "TransferReplica",
        "ListIndexedSegment", "DescribeSegmentIndexData", "ReplicateMessage", "RunAnalyzer",
        "AddFileResource", "RemoveFileResource", "ListFileResources",
        "AddUserTags", "DeleteUserTags", "GetUserTags", "ListUsersWithTag", "CreateRowPolicy", "DropRowPolicy", "ListRowPolicies",
        "UpdateReplicateConfiguration", "GetReplicateConfiguration",
    ];

    [Fact]
    public void Each_of_the_117_methods_is_built_or_says_that_it_is_not()
    {
        var routes = new CallRoutes();
        foreach (var group in MilvusService.Groups(node.Proxy, node.Identity, TimeProvider.System, () => ServerHealth.Good))
        {
            group.Route(routes);
        }

        var service = routes.Build();

        Assert.Equal(117, CallRoutes.Service.Methods.Count);
        Assert.Equal(
            CallRoutes.Service.Methods.Select(m => m.Name).Except(LeftToGrpc).Order(StringComparer.Ordinal),
            service.Handlers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            NotBuilt.Order(StringComparer.Ordinal),
            CallRoutes.Service.Methods.Select(m => m.Name).Except(routes.Built).Except(LeftToGrpc).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_not_built_answers_code_10_and_its_name()
    {
        foreach (var name in NotBuilt)
        {
            var reply = CallRoutes.NotBuilt(CallRoutes.Service.FindMethodByName(name));
            var field = reply.Descriptor.FindFieldByName("status");
            var status = reply as Status ?? (Status)field.Accessor.GetValue(reply);
            Assert.Equal((10, ErrorCode.UnexpectedError, $"method {name}: service unimplemented"), (status.Code, status.ErrorCode, status.Reason));
            field?.Accessor.Clear(reply);
            Assert.True(reply is Status || reply.CalculateSize() == 0, $"{name} says more than that it is not built");
        }
    }
}
