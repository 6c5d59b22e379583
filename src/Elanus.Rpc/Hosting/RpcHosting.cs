using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Elanus.Rpc.Hosting;

/// <summary>How Kestrel is set up to carry calls.</summary>
public static class RpcHosting
{
    /// <summary>
    /// What one call may have on its way unread: an insert of a usual batch fits, so that it need not wait for window updates.
    /// </summary>
    private const int StreamWindowBytes = 2 << 20;

    /// <summary>What all calls of a connection may have on their way unread; this bounds a connection's memory.</summary>
    private const int ConnectionWindowBytes = 8 << 20;

    /// <summary>Larger frames mean fewer of them for large messages, from clients that use what they are offered.</summary>
    private const int FrameBytesMax = 256 << 10;

    /// <summary>Calls at once on one connection; most clients open a single one.</summary>
    private const int StreamsMax = 1000;

    /// <summary>Sets the server-wide options that calls need.</summary>
    public static KestrelServerOptions UseRpc(this KestrelServerOptions kestrel)
    {
        // On a cleartext port requests say http, though the connection looks like TLS to Kestrel (see Http2PriorKnowledge).
        kestrel.AllowAlternateSchemes = true;
        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
        kestrel.Limits.Http2.MaxFrameSize = FrameBytesMax;
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsMax;
        return kestrel;
    }

    /// <summary>
    /// Lets a port carry HTTP/2 (calls) and HTTP/1.1: told apart by the connection's first bytes in cleartext, by ALPN with TLS.
    /// </summary>
    public static ListenOptions UseRpc(this ListenOptions listen, RpcServerTls? tls, TimeProvider time)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        if (tls is null)
        {
            ProtocolDetection.Use(listen, time);
        }
        else
        {
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = tls.Certificate,
                ServerCertificateChain = tls.Chain,
                ClientCertificateMode = tls.ClientAuthorities is null ? ClientCertificateMode.NoCertificate : ClientCertificateMode.RequireCertificate,
                ClientCertificateValidation = (certificate, sent, _) => tls.Trusts(certificate, sent),
            });
        }

        return listen;
    }
}
