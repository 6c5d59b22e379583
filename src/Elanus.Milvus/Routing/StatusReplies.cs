using Elanus.Milvus.Protocol.Common;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Elanus.Milvus;

/// <summary>Replies that say nothing but why a call was not served, for methods of any type of reply.</summary>
internal static class StatusReplies
{
    /// <summary>Whether a method answers once, with a reply that holds a status.</summary>
    public static bool CanCarry(MethodDescriptor method) =>
        !method.IsClientStreaming && !method.IsServerStreaming && (method.OutputType == Status.Descriptor || StatusField(method) is not null);

    public static IMessage Of(MethodDescriptor method, Failure failure)
    {
        var status = Statuses.Of(failure);
        if (method.OutputType == Status.Descriptor)
        {
            return status;
        }

        var reply = method.OutputType.Parser.ParseFrom([]);
        StatusField(method)!.Accessor.SetValue(reply, status);
        return reply;
    }

    private static FieldDescriptor? StatusField(MethodDescriptor method) => method.OutputType.FindFieldByName("status");
}
