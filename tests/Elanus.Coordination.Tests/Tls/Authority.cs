using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Elanus.Coordination.Tests.Tls;

/// <summary>A certificate authority in a temporary folder, and one certificate for 127.0.0.1 by it.</summary>
internal sealed class Authority : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("elanus-tls-");

    public Authority()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", own, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Pem = Write("authority.pem", authority.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        // etcd calls itself with its own certificate.
        server.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        using var issued = server.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        Certificate = Write("server.pem", issued.ExportCertificatePem());
        Key = Write("server.key", key.ExportPkcs8PrivateKeyPem());
    }

    public string Pem { get; }

    public string Certificate { get; }

    public string Key { get; }

    public void Dispose() => folder.Delete(recursive: true);

    private string Write(string name, string content)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
