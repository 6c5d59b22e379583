using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Elanus.Rpc.Hosting;

/// <summary>Trust in configured authorities alone, not in the machine's. Revocation lists are not asked: private authorities have none.</summary>
internal static class CertificateTrust
{
    public static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    public static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");

    public static X509ChainPolicy Policy(X509Certificate2Collection authorities, Oid use)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(use);
        return policy;
    }

    /// <summary>Whether a certificate comes from one of the authorities, over intermediates in <paramref name="sent"/> where there are any.</summary>
    public static bool Builds(X509Certificate2 certificate, X509Certificate2Collection authorities, Oid use, X509Chain? sent)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(authorities, use) };
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        return chain.Build(certificate);
    }
}
