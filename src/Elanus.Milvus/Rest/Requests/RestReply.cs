using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>A success: what writes the value of <c>data</c>, and the members beside it.</summary>
internal sealed record RestReply(Action<Utf8JsonWriter> Data, Action<Utf8JsonWriter>? Beside = null)
{
    /// <summary>Done, and nothing more to say.</summary>
    public static readonly RestReply Done = Object(_ => { });

    public static RestReply Object(Action<Utf8JsonWriter> members) => new(writer =>
    {
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    });

    public static RestReply Names(IEnumerable<string> names)
    {
        var list = names.ToList();
        return new(writer => writer.WriteTexts(list));
    }

    public static RestReply Has(bool has) => Object(writer => writer.WriteBoolean("has", has));

    public static RestReply RowCount(long rows) => Object(writer => writer.WriteNumber("rowCount", rows));

    /// <summary>The reply of a call that answers nothing else.</summary>
    public static Result<RestReply> Of(Result<Unit> result) => result.TryGet(out _, out var failure) ? Done : failure;
}
