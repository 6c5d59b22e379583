using Elanus.Primitives;
using Elanus.Rpc.Client;
using Elanus.Rpc.Hosting;

namespace Elanus.Server;

/// <summary>How a node is called by another one, and by an operator who has its configuration: the caller shows what nodes show clients.</summary>
/// <param name="Scheme">http or https.</param>
/// <param name="Trust">Null where the scheme is http.</param>
public sealed record NodeTls(string Scheme, RpcClientTls? Trust)
{
    public static readonly NodeTls None = new("http", null);

    /// <summary>A connection whose other end has gone without a word, a machine that lost power say, looks well for as long as nobody asks.</summary>
    private static readonly TimeSpan AskAlive = TimeSpan.FromSeconds(2);

    /// <summary>A failure names the file that cannot be used.</summary>
    public static Result<NodeTls> Of(TlsSettings settings)
    {
        if (settings.Mode == TlsMode.None)
        {
            return None;
        }

        // A certificate that no authority is named for vouches for itself.
        var authority = settings.ClientAuthorityPath.Length > 0 ? settings.ClientAuthorityPath : settings.CertificatePath;
        var mutual = settings.Mode == TlsMode.Mutual;
        return RpcClientTls.Load(authority, mutual ? settings.CertificatePath : null, mutual ? settings.KeyPath : null).TryGet(out var trust, out var failure)
            ? new NodeTls("https", trust)
            : failure;
    }

    public RpcChannel Dial(string address, TimeSpan patience) => new(new($"{Scheme}://{address}"), new() { ConnectTimeout = patience, Tls = Trust, KeepAlivePingDelay = AskAlive, KeepAlivePingTimeout = AskAlive });
}
