using System.Text;
using Microsoft.AspNetCore.Http;

namespace Elanus.Milvus.Rest;

/// <summary>
/// Who sends a request: <c>Bearer user:password</c>, the same without the word Bearer, or Basic. Without a check anybody may call, and the user is empty.
/// </summary>
internal sealed class RequestCredentials(CredentialCheck? check)
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    public async Task<Result<string>> User(HttpRequest request, CancellationToken cancel)
    {
        if (check is null)
        {
            return "";
        }

        var token = Token(request.Headers.Authorization.ToString());
        var cut = token.IndexOf(':', StringComparison.Ordinal);
        if (cut <= 0)
        {
            return new Failure(FailureCode.NeedAuthentication, "");
        }

        var judged = await check(token[..cut], token[(cut + 1)..], cancel);
        return !judged.TryGet(out var exists, out var failure) ? failure
            : exists ? token[..cut]
            : new Failure(FailureCode.NeedAuthentication, "");
    }

    private static string Token(string header)
    {
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..] : header;
        }

        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }
}
