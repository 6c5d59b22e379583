using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Elanus.Rpc.Hosting;

/// <summary>
/// HTTP/1.1 and HTTP/2 on one cleartext port: a connection that opens with the HTTP/2 preface (RFC 9113, 3.4) speaks HTTP/2, any other
/// HTTP/1.1. The bytes looked at stay in the pipe. A connection that says nothing is closed after the keep-alive time.
/// </summary>
internal static class ProtocolDetection
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public static void Use(ListenOptions listen, TimeProvider time) =>
        listen.Use(next => async connection =>
        {
            var idle = listen.KestrelServerOptions.Limits.KeepAliveTimeout;
            if (await OpensWithPreface(connection, idle, time) is not { } http2)
            {
                return;
            }

            if (http2)
            {
                var known = new Http2PriorKnowledge();
                connection.Features.Set<ITlsApplicationProtocolFeature>(known);
                connection.Features.Set<ITlsConnectionFeature>(known);
            }

            await next(connection);
        });

    /// <summary>Null where the connection ended or kept silent.</summary>
    private static async Task<bool?> OpensWithPreface(ConnectionContext connection, TimeSpan idle, TimeProvider time)
    {
        var input = connection.Transport.Input;
        using var silence = new CancellationTokenSource(idle, time);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(silence.Token);
                var buffer = result.Buffer;
                if (Matches(buffer) is { } decided)
                {
                    input.AdvanceTo(buffer.Start);
                    return decided;
                }

                if (result.IsCompleted)
                {
                    input.AdvanceTo(buffer.Start);
                    return buffer.IsEmpty ? null : false;
                }

                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (IOException)
        {
            // The peer reset the connection before it said anything.
            return null;
        }
    }

    /// <summary>Null while the bytes so far could still become the preface.</summary>
    private static bool? Matches(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> start = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(buffer.Length, Preface.Length);
        buffer.Slice(0, length).CopyTo(start);
        return !Preface.StartsWith(start[..length]) ? false
            : length == Preface.Length ? true
            : null;
    }
}
