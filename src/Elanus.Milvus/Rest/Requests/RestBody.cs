using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>An object of a request, its members judged by <see cref="MemberKinds"/>. Names match in any case, as Go binds them.</summary>
internal sealed class RestBody
{
    private readonly Dictionary<string, JsonElement> members = new(StringComparer.OrdinalIgnoreCase);

    private RestBody()
    {
    }

    /// <summary>The members of an object and of the objects inside of it that calls read; the first of a wrong type is the failure.</summary>
    public static Result<RestBody> Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return RestFailures.Format($"the request body must be an object, got {value.ValueKind}");
        }

        return Fault(value, "") is { } wrong ? RestFailures.Format(wrong) : Of(value);
    }

    /// <summary>A member; null where it is absent or null.</summary>
    public JsonElement? Find(string name) =>
        members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Whether a required member is there: an empty text or list is not.</summary>
    public bool Has(string name) => Find(name) is { } value && value.ValueKind switch
    {
        JsonValueKind.String => value.ValueEquals("") is false,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => true,
    };

    public string Text(string name, string fallback = "") => Find(name)?.GetString() is { Length: > 0 } text ? text : fallback;

    public int? Whole(string name) => Find(name)?.GetInt32();

    public bool Truth(string name) => Find(name)?.GetBoolean() ?? false;

    public IReadOnlyList<string> Texts(string name) => Find(name) is { } list ? [.. list.EnumerateArray().Select(e => e.GetString()!)] : [];

    public RestBody Object(string name) => Find(name) is { } inner ? Of(inner) : new();

    public IReadOnlyList<RestBody> Objects(string name) => Find(name) is { } list ? [.. list.EnumerateArray().Select(Of)] : [];

    /// <summary>The members of an object as key/value texts: texts as they are, anything else as its JSON.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(string name) => Find(name) is { } inner
        ? [.. inner.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null).Select(p => KeyValuePair.Create(p.Name, TextOf(p.Value)))]
        : [];

    public static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static RestBody Of(JsonElement value)
    {
        var body = new RestBody();
        foreach (var member in value.EnumerateObject())
        {
            body.members[member.Name] = member.Value;
        }

        return body;
    }

    private static string? Fault(JsonElement value, string where)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (MemberKinds.Fault(member.Name, member.Value) is { } kind)
            {
                return $"{where}{member.Name} must be {kind}, got {Shown(member.Value)}";
            }

            if (member.Value.ValueKind is JsonValueKind.Null || Inside(member.Name, member.Value, where) is not { } wrong)
            {
                continue;
            }

            return wrong;
        }

        return null;
    }

    private static string? Inside(string name, JsonElement value, string where) => name.ToUpperInvariant() switch
    {
        "SCHEMA" or "RERANK" => Fault(value, $"{where}{name}."),
        "FIELDS" or "INDEXPARAMS" or "SEARCH" => value.EnumerateArray().Select((e, i) => Fault(e, $"{where}{name}[{i}].")).FirstOrDefault(f => f is not null),
        _ => null,
    };

    private static string Shown(JsonElement value)
    {
        const int shownMax = 40;
        var text = value.GetRawText();
        return text.Length <= shownMax ? text : $"{text[..shownMax]}...";
    }
}
