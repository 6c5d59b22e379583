using System.Net.Sockets;

namespace Elanus.Replication;

/// <summary>Whether anybody listens at an address: the fastest sign that a process has ended, for its host says so itself.</summary>
internal static class PortProbe
{
    /// <summary>True only where the host answers that nobody listens; no answer within the patience says nothing.</summary>
    public static async Task<bool> IsRefused(string address, TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        var colon = address.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(address[(colon + 1)..], out var port))
        {
            return false;
        }

        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address[..colon].Trim('[', ']'), port, either.Token);
            return false;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
