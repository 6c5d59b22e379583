using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Elanus.Compat.Tests;

/// <summary>An authority made for one test, and a server's and a client's certificate of it, as PEM files in a folder.</summary>
internal static class Certificates
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);

    public static void Write(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Elanus test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = request.CreateSelfSigned(From, From.AddDays(30));
        File.WriteAllText(Path.Combine(folder, "ca.pem"), authority.ExportCertificatePem());
        Issue(authority, folder, "server", 1);
        Issue(authority, folder, "client", 2);
    }

    private static void Issue(X509Certificate2 authority, string folder, string name, byte serial)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Elanus test {name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, From, From.AddDays(29), [serial]);
        File.WriteAllText(Path.Combine(folder, $"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, $"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
