using Elanus.Rpc.Tests.Protocol;
using Google.Protobuf.Reflection;

namespace Elanus.Rpc.Tests;

/// <summary>The probe's methods as callers name them.</summary>
internal static class ProbeMethods
{
    public static readonly RpcMethod<Ask, Told> Echo = new(Service, "Echo");
    public static readonly RpcMethod<Ask, Ask> EchoRaw = new(Service, "EchoRaw");
    public static readonly RpcMethod<Ask, Told> Fail = new(Service, "Fail");
    public static readonly RpcMethod<Ask, Told> Hang = new(Service, "Hang");
    public static readonly RpcMethod<Ask, Told> Describe = new(Service, "Describe");
    public static readonly RpcMethod<Ask, Told> Unserved = new(Service, "Unserved");
    public static readonly RpcMethod<Ask, Told> CountUp = new(Service, "CountUp");
    public static readonly RpcMethod<Ask, Told> Sum = new(Service, "Sum");
    public static readonly RpcMethod<Ask, Told> Chat = new(Service, "Chat");

    private static ServiceDescriptor Service => ProbeReflection.Descriptor.Services[0];
}
