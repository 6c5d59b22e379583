using Elanus.Milvus.Rest;
using Elanus.Rpc;
using Elanus.Rpc.Http;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;

namespace Elanus.Milvus;

/// <summary>Answers a request of the client port, gRPC or REST, with a failure, in the reply that its method has, without reading the request.</summary>
public static class FailedCalls
{
    public static Task Answer(HttpContext http, Failure failure)
    {
        if (!RpcHttpEndpoint.IsGrpc(http.Request))
        {
            return RestAnswers.Fail(http, StatusCodes.Status200OK, failure);
        }

        if (Method(http.Request.Path.Value ?? "") is { } method && StatusReplies.CanCarry(method))
        {
            return RpcHttpAnswers.Reply(http, StatusReplies.Of(method, failure));
        }

        RpcHttpAnswers.Refuse(http, new(RpcStatusCode.Unavailable, failure.Sentence));
        return Task.CompletedTask;
    }

    /// <summary>Refuses a request of which nothing was done: gRPC UNAVAILABLE, or HTTP 503; clients know both as worth another try elsewhere.</summary>
    public static Task Refuse(HttpContext http, string why)
    {
        if (RpcHttpEndpoint.IsGrpc(http.Request))
        {
            RpcHttpAnswers.Refuse(http, new(RpcStatusCode.Unavailable, why));
            return Task.CompletedTask;
        }

        return RestAnswers.Fail(http, StatusCodes.Status503ServiceUnavailable, new(FailureCode.Unavailable, why));
    }

    private static MethodDescriptor? Method(string path)
    {
        var service = $"/{CallRoutes.Service.FullName}/";
        return path.StartsWith(service, StringComparison.Ordinal) ? CallRoutes.Service.FindMethodByName(path[service.Length..]) : null;
    }
}
