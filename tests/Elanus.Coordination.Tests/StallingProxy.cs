using System.Net;
using System.Net.Sockets;

namespace Elanus.Coordination.Tests;

/// <summary>A way to a port of loopback on which replies can be held back while requests still arrive.</summary>
internal sealed class StallingProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly int target;
    private long swallowed;

    public StallingProxy(int target)
    {
        this.target = target;
        listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Whether what the server says is thrown away.</summary>
    public bool SwallowsReplies { get; set; }

    /// <summary>Bytes of replies that were thrown away: the server has acted.</summary>
    public long Swallowed => Interlocked.Read(ref swallowed);

    public void Dispose()
    {
        end.Cancel();
        listener.Stop();
        end.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(end.Token);
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, target, end.Token);
                _ = Pump(client, server, replies: false);
                _ = Pump(server, client, replies: true);
            }
        }
        catch (Exception why) when (why is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Pump(TcpClient from, TcpClient to, bool replies)
    {
        var buffer = new byte[16384];
        try
        {
            int count;
            while ((count = await from.GetStream().ReadAsync(buffer, end.Token)) > 0)
            {
                if (replies && SwallowsReplies)
                {
                    Interlocked.Add(ref swallowed, count);
                }
                else
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count), end.Token);
                }
            }
        }
        catch (Exception why) when (why is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One end went away; so does the other.
        }

        from.Close();
        to.Close();
    }
}
