namespace Elanus.Compat.Tests;

/// <summary>The Node client over TLS, with the server's certificate alone and with the client's too.</summary>
public sealed class TlsTests
{
    [NodeTheory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task The_Node_client_is_served_over_TLS(string mode)
    {
        var folder = Directory.CreateTempSubdirectory("elanus-tls-").FullName;
        try
        {
            Certificates.Write(folder);
            await using var server = await ServerProcess.Start(new Dictionary<string, string>
            {
                ["COMMON_SECURITY_TLSMODE"] = mode,
                ["TLS_SERVERPEMPATH"] = Path.Combine(folder, "server.pem"),
                ["TLS_SERVERKEYPATH"] = Path.Combine(folder, "server.key"),
                ["TLS_CAPEMPATH"] = mode == "2" ? Path.Combine(folder, "ca.pem") : "",
            });
            var (cases, failure) = await NodeRun.File("tls.mjs", server.Address, ("ELANUS_CERTIFICATES", folder), ("ELANUS_MUTUAL", mode == "2" ? "true" : "false"));
            Assert.Null(failure);
            Assert.Equal(2, cases.Count);
            Assert.All(cases, c => Assert.True(c.Passed, $"{c.Name}: {c.Error}\n{server.Output}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
