using Elanus.Rpc.Hosting;

namespace Elanus.Rpc.Client;

/// <summary>How a channel reaches its server.</summary>
public sealed record RpcChannelOptions
{
    public RpcLimits Limits { get; init; } = RpcLimits.Client;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Null trusts what the machine trusts, where the address is https.</summary>
    public RpcClientTls? Tls { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A connection with calls on it that is silent for so long is asked whether it still lives; null never asks.</summary>
    public TimeSpan? KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the answer to that may take before the connection counts as lost.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
