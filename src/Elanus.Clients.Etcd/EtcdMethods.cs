using Elanus.Clients.Etcd.Wire;
using Elanus.Rpc;
using Google.Protobuf.Reflection;

namespace Elanus.Clients.Etcd;

/// <summary>The calls that the client makes.</summary>
internal static class EtcdMethods
{
    public static readonly RpcMethod<RangeRequest, RangeResponse> Range = new(Service("KV"), "Range");
    public static readonly RpcMethod<TxnRequest, TxnResponse> Txn = new(Service("KV"), "Txn");
    public static readonly RpcMethod<LeaseGrantRequest, LeaseGrantResponse> LeaseGrant = new(Service("Lease"), "LeaseGrant");
    public static readonly RpcMethod<LeaseRevokeRequest, LeaseRevokeResponse> LeaseRevoke = new(Service("Lease"), "LeaseRevoke");
    public static readonly RpcMethod<LeaseKeepAliveRequest, LeaseKeepAliveResponse> LeaseKeepAlive = new(Service("Lease"), "LeaseKeepAlive");
    public static readonly RpcMethod<WatchRequest, WatchResponse> Watch = new(Service("Watch"), "Watch");
    public static readonly RpcMethod<AuthenticateRequest, AuthenticateResponse> Authenticate = new(Service("Auth"), "Authenticate");

    private static ServiceDescriptor Service(string name) => EtcdReflection.Descriptor.FindTypeByName<ServiceDescriptor>(name);
}
