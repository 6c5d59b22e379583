using System.Collections.Immutable;
using Google.Protobuf;

namespace Elanus.Milvus.Wire;

/// <summary>
/// An insert or upsert: its request without the columns, parsed, and its columns where they arrived. Valid as long as the bytes it was read from.
/// </summary>
public sealed class RawMutation<TRequest>
    where TRequest : IMessage<TRequest>
{
    internal RawMutation(TRequest request, ImmutableArray<RawFieldData> fields)
    {
        Request = request;
        Fields = fields;
    }

    /// <summary>Everything but fields_data, which is empty.</summary>
    public TRequest Request { get; }

    public ImmutableArray<RawFieldData> Fields { get; }
}
