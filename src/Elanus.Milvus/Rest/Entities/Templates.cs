using System.Runtime.InteropServices;
using System.Text.Json;
using Elanus.Expressions;

namespace Elanus.Milvus.Rest;

/// <summary>The values of templates in expressions (<c>exprParams</c>).</summary>
internal static class Templates
{
    public static Result<IReadOnlyDictionary<string, Literal>> Read(JsonElement? values)
    {
        var read = new Dictionary<string, Literal>(StringComparer.Ordinal);
        if (values is { } given)
        {
            foreach (var member in given.EnumerateObject())
            {
                if (!JsonLiteral.Parse(JsonMarshal.GetRawUtf8Value(member.Value)).TryGet(out var literal, out var failure))
                {
                    return RestFailures.Format($"exprParams.{member.Name}: {failure.Sentence}");
                }

                read[member.Name] = literal;
            }
        }

        return read;
    }
}
