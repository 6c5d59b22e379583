using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Elanus.Rpc.Hosting;

/// <summary>Trust in configured authorities alone, not in the machine's. Revocation lists are not asked: private authorities have none.</summary>
internal static class CertificateTrust
{
    public static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    public static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");

    public static bool Builds(X509Certificate2 certificate, X509Certificate2Collection authorities, Oid use, X509Certificate2Collection? sent = null)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(use);
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent);
        }

        return chain.Build(certificate);
    }
}
