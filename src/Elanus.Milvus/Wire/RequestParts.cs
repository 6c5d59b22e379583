using Google.Protobuf;

namespace Elanus.Milvus.Wire;

/// <summary>
/// Takes one field out of a message and lets protobuf parse the rest: fields may stand in any order, so the stretches between the parts taken
/// out are messages themselves, and merging them gives the whole.
/// </summary>
internal static class RequestParts
{
    /// <summary>Fills <paramref name="message"/> and <paramref name="parts"/>; what is wrong, or null.</summary>
    public static string? Split(ReadOnlyMemory<byte> raw, int field, IMessage message, List<ReadOnlyMemory<byte>> parts)
    {
        var rest = 0;
        var reader = new WireReader(raw);
        while (reader.Next())
        {
            if (reader.Field != field || reader.Type != WireType.Bytes)
            {
                reader.Skip();
                continue;
            }

            if (Merge(message, raw.Span[rest..reader.Start]) is { } fault)
            {
                return fault;
            }

            parts.Add(reader.Bytes());
            rest = reader.Position;
        }

        return reader.Fault ?? Merge(message, raw.Span[rest..]);
    }

    /// <summary>Whether the last occurrence of one field stands before the last of another: in a oneof, the later wins.</summary>
    public static bool IsBefore(ReadOnlyMemory<byte> raw, int field, int other)
    {
        var last = 0;
        var reader = new WireReader(raw);
        while (reader.Next())
        {
            last = reader.Field == field || reader.Field == other ? reader.Field : last;
            reader.Skip();
        }

        return last == other;
    }

    private static string? Merge(IMessage message, ReadOnlySpan<byte> stretch)
    {
        try
        {
            message.MergeFrom(stretch);
            return null;
        }
        catch (InvalidProtocolBufferException broken)
        {
            return broken.Message;
        }
    }
}
