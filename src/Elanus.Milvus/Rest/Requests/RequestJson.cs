using System.Text.Json;
using System.Text.Unicode;

namespace Elanus.Milvus.Rest;

/// <summary>Parses request bodies. A document that comes out can be read everywhere: its bytes are UTF-8 and its escapes make whole characters.</summary>
internal static class RequestJson
{
    public static Result<JsonDocument> Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return RestFailures.Format("the request body is empty, but {} is valid");
        }

        if (!Utf8.IsValid(body.Span))
        {
            return RestFailures.Format("the request body is not UTF-8");
        }

        try
        {
            return WholeJson.Parse(body);
        }
        catch (JsonException broken)
        {
            return RestFailures.Format(broken.Message);
        }
    }
}
