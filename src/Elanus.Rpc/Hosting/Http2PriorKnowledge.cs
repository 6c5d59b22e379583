using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Elanus.Rpc.Hosting;

/// <summary>
/// Tells Kestrel that a cleartext connection speaks HTTP/2, in the only way it listens to: as if TLS had negotiated it. There is no
/// certificate behind it, and requests keep the scheme that they carry.
/// </summary>
internal sealed class Http2PriorKnowledge : ITlsApplicationProtocolFeature, ITlsConnectionFeature
{
    public ReadOnlyMemory<byte> ApplicationProtocol => SslApplicationProtocol.Http2.Protocol;

    public X509Certificate2? ClientCertificate
    {
        get => null;
        set => throw new NotSupportedException("a cleartext connection has no client certificate");
    }

    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
}
