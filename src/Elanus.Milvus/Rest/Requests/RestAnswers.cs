using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Elanus.Milvus.Rest;

/// <summary>Writes answers: <c>{"code":0,"data":...}</c> or <c>{"code":...,"message":...}</c>.</summary>
internal static class RestAnswers
{
    // The content type says JSON, so nothing needs to be safe inside of HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task Send(HttpContext context, Result<RestReply> result) => result.TryGet(out var reply, out var failure)
        ? Send(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteNumber("code", 0);
            writer.WritePropertyName("data");
            reply.Data(writer);
            reply.Beside?.Invoke(writer);
        })
        : Fail(context, failure.Code == FailureCode.NotPermitted ? StatusCodes.Status403Forbidden : StatusCodes.Status200OK, failure);

    public static Task Fail(HttpContext context, int status, Failure failure) =>
        Fail(context, status, ErrorKinds.Of(failure.Code).Code, RestFailures.Text(failure));

    public static Task Fail(HttpContext context, int status, int code, string message) => Send(context, status, writer =>
    {
        writer.WriteNumber("code", code);
        writer.WriteString("message", message);
    });

    private static async Task Send(HttpContext context, int status, Action<Utf8JsonWriter> members)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
