using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Which client call a write came from, and what it did: enough to answer the call again.</summary>
/// <param name="Id">The call's id; never <see cref="RequestId.None"/>.</param>
/// <param name="Content">Tells the content of the call from others, by accident and not by malice.</param>
/// <param name="FirstKey">The first of the consecutive primary keys that were drawn for its rows; 0 where the client gave them.</param>
/// <param name="Inserted">Rows inserted.</param>
/// <param name="Deleted">Keys deleted.</param>
public readonly record struct RequestMark(RequestId Id, ulong Content, long FirstKey, long Inserted, long Deleted)
{
    internal const int Bytes = 48;

    internal void Write(PayloadWriter payload)
    {
        payload.Int64((long)Id.High);
        payload.Int64((long)Id.Low);
        payload.Int64((long)Content);
        payload.Int64(FirstKey);
        payload.Int64(Inserted);
        payload.Int64(Deleted);
    }

    internal static RequestMark Read(ref PayloadReader payload)
    {
        var mark = new RequestMark(
            new((ulong)payload.Int64(), (ulong)payload.Int64()), (ulong)payload.Int64(), payload.Int64(), payload.Int64(), payload.Int64());
        PayloadReader.Require(mark.Id != RequestId.None && mark.Inserted >= 0 && mark.Deleted >= 0, "the mark of a request is damaged");
        return mark;
    }
}
