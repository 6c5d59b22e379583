using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Elanus.Primitives;

namespace Elanus.Rpc.Hosting;

/// <summary>Certificates from PEM files; a failure names the file and what is wrong with it.</summary>
internal static class PemFiles
{
    public static Result<X509Certificate2> Certificate(string certificatePem, string keyPem)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificatePem, keyPem);
        }
        catch (Exception why) when (why is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Failure.Invalid($"the certificate {certificatePem} with the key {keyPem} cannot be read: {why.Message}");
        }
    }

    public static Result<X509Certificate2Collection> Certificates(string pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(pem);
        }
        catch (Exception why) when (why is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Failure.Invalid($"the certificates in {pem} cannot be read: {why.Message}");
        }

        return certificates.Count > 0 ? certificates : Failure.Invalid($"{pem} holds no certificate");
    }
}
