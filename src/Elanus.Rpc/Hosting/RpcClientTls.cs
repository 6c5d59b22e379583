using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Elanus.Primitives;

namespace Elanus.Rpc.Hosting;

/// <summary>Whom a client trusts, and what it shows of itself. Loaded once; any thread.</summary>
public sealed class RpcClientTls
{
    private RpcClientTls(X509Certificate2Collection? authorities, X509Certificate2? certificate)
    {
        Authorities = authorities;
        Certificate = certificate;
    }

    /// <summary>Null trusts what the machine trusts.</summary>
    private X509Certificate2Collection? Authorities { get; }

    private X509Certificate2? Certificate { get; }

    /// <summary>Reads PEM files; the client's own certificate and key come together or not at all. A failure names the file.</summary>
    public static Result<RpcClientTls> Load(string? authorityPem, string? certificatePem = null, string? keyPem = null)
    {
        if ((certificatePem is null) != (keyPem is null))
        {
            return Failure.Invalid($"a client certificate needs its key and a key its certificate; only {certificatePem ?? keyPem} was named");
        }

        X509Certificate2Collection? authorities = null;
        if (authorityPem is not null && !PemFiles.Certificates(authorityPem).TryGet(out authorities, out var failure))
        {
            return failure;
        }

        X509Certificate2? certificate = null;
        if (certificatePem is not null && !PemFiles.Certificate(certificatePem, keyPem!).TryGet(out certificate, out failure))
        {
            return failure;
        }

        return new RpcClientTls(authorities, certificate);
    }

    /// <summary>For a connection that is not an <see cref="Elanus.Rpc.Client.RpcChannel"/>'s.</summary>
    public SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions();
        if (Authorities is not null)
        {
            options.CertificateChainPolicy = CertificateTrust.Policy(Authorities, CertificateTrust.ServerUse);
        }

        if (Certificate is not null)
        {
            options.ClientCertificates = [Certificate];
        }

        return options;
    }
}
