using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Elanus.Primitives;
using Elanus.Rpc.Hosting;
using Elanus.Server;

namespace Elanus.Cli;

/// <summary>
/// Asks a node's health page. A script asks every second or two, and most of what a gRPC client costs is compiling it: this is one exchange on a socket, as plain as HTTP/1.1
/// can be, which needs next to nothing of it.
/// </summary>
internal static class HealthQuestion
{
    /// <summary>What a port that wants TLS does to who speaks plainly, and one that wants a certificate to who shows none.</summary>
    public const string NoWord = "the connection was closed without a word";

    private const int AnswerBytesMax = 16 << 10;

    /// <summary>What the node says of itself. A failure says why it said nothing.</summary>
    /// <param name="node">Its client port.</param>
    /// <param name="trust">Null speaks plainly.</param>
    /// <param name="patience">For everything.</param>
    /// <param name="time">The clock.</param>
    public static async Task<Result<HealthLine>> Ask(HostAndPort node, RpcClientTls? trust, TimeSpan patience, TimeProvider time)
    {
        var late = new Failure(FailureCode.Unavailable, $"no answer within {patience.TotalMilliseconds:0} ms");
        var asked = time.GetTimestamp();
        try
        {
            // Nothing can end the question for a name: the process ends beside it.
            var addresses = IPAddress.TryParse(node.Host, out var address) ? [address] : await Dns.GetHostAddressesAsync(node.Host).WaitAsync(patience, time);
            var left = patience - time.GetElapsedTime(asked);
            return left > TimeSpan.Zero ? Exchange(addresses, node, trust, left, late, time) : late;
        }
        catch (TimeoutException)
        {
            return late;
        }
        catch (SocketException unknown)
        {
            return new Failure(FailureCode.Unavailable, unknown.Message);
        }
    }

    private static Result<HealthLine> Exchange(IPAddress[] addresses, HostAndPort node, RpcClientTls? trust, TimeSpan left, Failure late, TimeProvider time)
    {
        var isLate = false;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        // What ends a wait for a connection, a handshake and an answer alike.
        using var deadline = time.CreateTimer(
            _ =>
            {
                Volatile.Write(ref isLate, true);
                socket.Dispose();
            },
            null,
            left,
            Timeout.InfiniteTimeSpan);
        try
        {
            socket.Connect(addresses, node.Port);
            using Stream plain = new NetworkStream(socket);
            using var stream = trust is null ? plain : Encrypted(plain, node.Host, trust);
            stream.Write(Encoding.ASCII.GetBytes($"GET {HealthPage.Path} HTTP/1.1\r\nHost: {node}\r\nConnection: close\r\n\r\n"));
            return Said(Read(stream));
        }
        catch (Exception) when (Volatile.Read(ref isLate))
        {
            return late;
        }
        catch (Exception refused) when (refused is SocketException or IOException or AuthenticationException)
        {
            return new Failure(FailureCode.Unavailable, refused.Message);
        }
    }

    private static SslStream Encrypted(Stream plain, string host, RpcClientTls trust)
    {
        var encrypted = new SslStream(plain);
        var options = trust.Options();
        options.TargetHost = host;
        encrypted.AuthenticateAsClient(options);
        return encrypted;
    }

    /// <summary>All that comes until the node closes.</summary>
    private static string Read(Stream stream)
    {
        var bytes = new byte[AnswerBytesMax];
        var length = 0;
        while (length < bytes.Length && stream.Read(bytes, length, bytes.Length - length) is > 0 and var read)
        {
            length += read;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    /// <summary>A node says its line whether it serves (200) or not (503); whoever says something else is starting, or none of ours.</summary>
    private static Result<HealthLine> Said(string answer)
    {
        if (HealthLine.In(answer) is { } line)
        {
            return line;
        }

        var end = answer.IndexOf('\r', StringComparison.Ordinal);
        return new Failure(FailureCode.Unavailable, end > 0 ? $"it says {answer[..end]}" : NoWord);
    }
}
