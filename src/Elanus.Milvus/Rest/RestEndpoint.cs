using System.Globalization;
using Elanus.Log;
using Microsoft.AspNetCore.Http;

namespace Elanus.Milvus.Rest;

/// <summary>
/// Serves Milvus's RESTful API over a proxy: give it every request of the client port that is not gRPC. Any thread may call it.
/// </summary>
/// <param name="proxy">What the calls are answered by.</param>
/// <param name="time">Measures the time that a request may take.</param>
/// <param name="credentials">Judges user and password; null where authentication is off.</param>
public sealed class RestEndpoint(Proxy proxy, TimeProvider time, CredentialCheck? credentials = null)
{
    /// <summary>Bytes of a request body.</summary>
    public const int BodyBytesMax = 64 << 20;

    private const string TimeoutHeader = "Request-Timeout";
    private const int TimeoutSecondsMax = 86_400;

    /// <summary>Milvus's number for a request that took too long; it stands in no table of failures.</summary>
    private const int TimeoutCode = 10001;

    private static readonly TimeSpan TimeoutDefault = TimeSpan.FromSeconds(30);

    private readonly RestRoutes routes = new(proxy);
    private readonly RequestCredentials access = new(credentials);

    /// <summary>Answers a request. Cancelled by the client's leaving and after the seconds of its Request-Timeout header, or 30.</summary>
    public async Task Serve(HttpContext context)
    {
        if (!Timeout(context.Request).TryGet(out var timeout, out var failure))
        {
            await RestAnswers.Fail(context, StatusCodes.Status200OK, failure);
            return;
        }

        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            await Answer(context, either.Token);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
        }
        catch (LogDeadException dead) when (!context.Response.HasStarted)
        {
            context.Response.Headers[OutcomeUnknown.Header] = "unknown";
            await RestAnswers.Fail(context, StatusCodes.Status200OK, OutcomeUnknown.Of(dead));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !context.Response.HasStarted)
        {
            await RestAnswers.Fail(
                context,
                StatusCodes.Status408RequestTimeout,
                TimeoutCode,
                $"request timeout: no answer within {timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s; a write that was under way may still take effect");
        }
    }

    private async Task Answer(HttpContext context, CancellationToken cancel)
    {
        var path = context.Request.Path.Value ?? "";
        if (routes.Find(path) is not { } route)
        {
            await RestAnswers.Fail(context, StatusCodes.Status404NotFound, StatusCodes.Status404NotFound, $"there is nothing at {path}");
            return;
        }

        if (!(await access.User(context.Request, cancel)).TryGet(out var user, out var failure))
        {
            var status = failure.Code == FailureCode.NeedAuthentication ? StatusCodes.Status401Unauthorized : StatusCodes.Status429TooManyRequests;
            await RestAnswers.Fail(context, status, failure);
            return;
        }

        if (route.Handle is null)
        {
            await RestAnswers.Fail(context, StatusCodes.Status200OK, Failure.Unimplemented($"{path} is not there yet"));
            return;
        }

        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            var method = StatusCodes.Status405MethodNotAllowed;
            await RestAnswers.Fail(context, method, method, $"{path} is called with POST, not with {context.Request.Method}");
            return;
        }

        using var bytes = new MemoryStream();
        if (!await RequestBytes.Read(context.Request, bytes, BodyBytesMax, cancel))
        {
            await RestAnswers.Fail(
                context,
                StatusCodes.Status413PayloadTooLarge,
                new(FailureCode.ParameterTooLarge, $"the request body has more than {BodyBytesMax} bytes"));
            return;
        }

        if (!RequestJson.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length)).TryGet(out var document, out failure))
        {
            await RestAnswers.Fail(context, StatusCodes.Status200OK, failure);
            return;
        }

        using (document)
        {
            var reply = await Call(route, context, document.RootElement, bytes.GetBuffer().AsMemory(0, (int)bytes.Length), user, cancel);
            if (reply.Failure is { Code: FailureCode.NotReady } elsewhere && CallNatures.Of(path) == CallNature.IdentifiedWrite)
            {
                // Nothing was written, and another node is the active one.
                context.Response.Headers[NotActive.Header] = "1";
                await RestAnswers.Fail(context, StatusCodes.Status503ServiceUnavailable, elsewhere);
                return;
            }

            await RestAnswers.Send(context, reply);
        }
    }

    private static async Task<Result<RestReply>> Call(
        RestRoute route, HttpContext context, System.Text.Json.JsonElement root, ReadOnlyMemory<byte> content, string user, CancellationToken cancel)
    {
        if (!RestBody.Read(root).TryGet(out var body, out var failure))
        {
            return failure;
        }

        var missing = route.Required.Where(name => !body.Has(name)).ToList();
        if (missing.Count > 0)
        {
            return RestFailures.Missing(missing);
        }

        var call = RestCall.Of(context.Request, body, user, cancel);
        context.Response.RegisterForDispose(call.Hold);
        return RequestIdentity.Read(context.Request.Headers[RequestIdentity.Header], route.Path, call.Database, content.Span).TryGet(out var identity, out failure)
            ? await route.Handle!(call with { Request = identity })
            : failure;
    }

    private static Result<TimeSpan> Timeout(HttpRequest request)
    {
        var text = request.Headers[TimeoutHeader].ToString();
        if (text.Length == 0)
        {
            return TimeoutDefault;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= TimeoutSecondsMax
            ? TimeSpan.FromSeconds(seconds)
            : Failure.Invalid($"the header {TimeoutHeader} must be a whole number of seconds from 1 to {TimeoutSecondsMax}, got {text}");
    }
}
