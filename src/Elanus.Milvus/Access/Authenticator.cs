using System.Text;
using Elanus.Rpc;

namespace Elanus.Milvus;

/// <summary>
/// Who calls: asked before every call is read. Clients send <c>authorization</c>, base64 of <c>user:password</c>. Off by default: then
/// any or no credential is accepted, as in Milvus.
/// </summary>
/// <param name="users">Whose names and passwords count.</param>
/// <param name="isOn">Whether anybody is asked at all.</param>
/// <param name="open">Full names of services that judge their callers themselves, or answer everybody.</param>
public sealed class Authenticator(IUserCoord users, bool isOn, params IReadOnlyCollection<string> open)
{
    private const string HealthService = "grpc.health.v1.Health";

    /// <summary>The gate of the RPC server: sets the identity to the user's name, or ends the call with UNAUTHENTICATED.</summary>
    public ValueTask<RpcStatus> Check(RpcContext context)
    {
        // Load balancers ask for health without a credential.
        var service = context.Method.Descriptor.Service.FullName;
        if (!isOn || service == HealthService || open.Contains(service))
        {
            return new(RpcStatus.Ok);
        }

        if (context.Header("authorization") is not { } header)
        {
            return new(Refused("missing authorization in header"));
        }

        if (Decode(header) is not { } token)
        {
            return new(Refused("invalid token format"));
        }

        var colon = token.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return new(Refused("auth check failure, please check api key is correct"));
        }

        return Verify(context, token[..colon], token[(colon + 1)..]);
    }

    private async ValueTask<RpcStatus> Verify(RpcContext context, string user, string password)
    {
        if (!(await users.Verify(user, password, context.Cancellation)).TryGet(out var exists, out var failure))
        {
            return new(RpcStatusCode.Unavailable, failure.Sentence);
        }

        if (!exists)
        {
            return Refused("auth check failure, please check username and password are correct");
        }

        context.Identity = user;
        return RpcStatus.Ok;
    }

    private static RpcStatus Refused(string why) => new(RpcStatusCode.Unauthenticated, why);

    private static string? Decode(string header)
    {
        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
