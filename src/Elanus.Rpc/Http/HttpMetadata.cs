using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Elanus.Rpc.Http;

/// <summary>Metadata as HTTP headers. The protocol's own headers are no metadata.</summary>
internal static class HttpMetadata
{
    public static RpcMetadata Read(IHeaderDictionary headers)
    {
        var metadata = new RpcMetadata();
        foreach (var (key, values) in headers)
        {
            if (IsOwn(key))
            {
                continue;
            }

            foreach (var value in values)
            {
                if (value is not null && !metadata.TryAddWire(key, value))
                {
                    throw new RpcException(RpcStatusCode.Internal, $"the binary metadata '{key}' is not base64");
                }
            }
        }

        return metadata;
    }

    public static void Write(RpcMetadata? metadata, IHeaderDictionary target)
    {
        if (metadata is null)
        {
            return;
        }

        metadata.MarkSent();
        foreach (var entry in metadata)
        {
            target.Append(entry.Key, entry.Wire);
        }
    }

    public static string Peer(ConnectionInfo connection) => connection.RemoteIpAddress switch
    {
        null => "unknown",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } mapped => new IPEndPoint(mapped.MapToIPv4(), connection.RemotePort).ToString(),
        var address => new IPEndPoint(address, connection.RemotePort).ToString(),
    };

    /// <summary>Headers that belong to HTTP or to gRPC itself.</summary>
    public static bool IsOwn(string key) =>
        key.StartsWith(':')
        || key.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)
        || key.Equals("content-type", StringComparison.OrdinalIgnoreCase)
        || key.Equals("content-length", StringComparison.OrdinalIgnoreCase)
        || key.Equals("te", StringComparison.OrdinalIgnoreCase)
        || key.Equals("host", StringComparison.OrdinalIgnoreCase)
        || key.Equals("date", StringComparison.OrdinalIgnoreCase)
        || key.Equals("server", StringComparison.OrdinalIgnoreCase);
}
