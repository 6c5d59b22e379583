using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Elanus.Primitives;

namespace Elanus.Rpc.Hosting;

/// <summary>
/// The server's certificate and, for mutual TLS, the authorities that client certificates must come from. Loaded once; any thread.
/// </summary>
public sealed class RpcServerTls
{
    private RpcServerTls(X509Certificate2 certificate, X509Certificate2Collection chain, X509Certificate2Collection? clientAuthorities)
    {
        Certificate = certificate;
        Chain = chain;
        ClientAuthorities = clientAuthorities;
    }

    internal X509Certificate2 Certificate { get; }

    /// <summary>What stands behind the certificate in its file: the intermediate authorities.</summary>
    internal X509Certificate2Collection Chain { get; }

    /// <summary>Null where clients need no certificate.</summary>
    internal X509Certificate2Collection? ClientAuthorities { get; }

    /// <summary>Reads PEM files; a failure names the file.</summary>
    public static Result<RpcServerTls> Load(string certificatePem, string keyPem, string? clientAuthorityPem = null)
    {
        var certificate = PemFiles.Certificate(certificatePem, keyPem);
        if (!certificate.TryGet(out var own, out var failure))
        {
            return failure;
        }

        var chain = PemFiles.Certificates(certificatePem);
        if (!chain.TryGet(out var all, out failure))
        {
            return failure;
        }

        if (clientAuthorityPem is null)
        {
            return new RpcServerTls(own, all, null);
        }

        var authorities = PemFiles.Certificates(clientAuthorityPem);
        return authorities.TryGet(out var trusted, out failure) ? new RpcServerTls(own, all, trusted) : failure;
    }

    /// <summary>What others will hold against the server's own certificate, as the end of a sentence that begins with its name; null where nothing.</summary>
    /// <param name="now">The time of day.</param>
    /// <param name="isShownToNodes">Whether other nodes, with the same authorities, are to trust it too.</param>
    public string? Doubt(DateTimeOffset now, bool isShownToNodes)
    {
        if (now < Certificate.NotBefore || now > Certificate.NotAfter)
        {
            return string.Create(CultureInfo.InvariantCulture, $"is valid from {Certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} to {Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC, not now: clients and other nodes refuse it");
        }

        if (!isShownToNodes || ClientAuthorities is null)
        {
            return null;
        }

        using var sent = new X509Chain();
        sent.ChainPolicy.ExtraStore.AddRange(Chain);
        return CertificateTrust.Builds(Certificate, ClientAuthorities, CertificateTrust.ServerUse, sent) && Trusts(Certificate, sent)
            ? null
            : "does not come from the configured authority as one for servers and for clients: other nodes refuse it";
    }

    /// <summary>Whether a client's certificate comes from one of the authorities and is meant for clients.</summary>
    internal bool Trusts(X509Certificate2 client, X509Chain? sent) =>
        ClientAuthorities is null || CertificateTrust.Builds(client, ClientAuthorities, CertificateTrust.ClientUse, sent);
}
