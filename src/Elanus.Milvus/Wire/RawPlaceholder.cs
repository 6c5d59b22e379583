using System.Collections.Immutable;
using System.Text;
using Elanus.Milvus.Protocol.Common;

namespace Elanus.Milvus.Wire;

/// <summary>The query vectors behind one tag: the bytes of each, in the layout of <paramref name="Type"/>, where they arrived.</summary>
public sealed record RawPlaceholder(string Tag, PlaceholderType Type, ImmutableArray<ReadOnlyMemory<byte>> Values, bool ElementLevel)
{
    /// <summary>The placeholders of a serialised group, or a failure that names the place where its bytes are malformed.</summary>
    public static Result<ImmutableArray<RawPlaceholder>> ReadGroup(ReadOnlyMemory<byte> group)
    {
        var placeholders = ImmutableArray.CreateBuilder<RawPlaceholder>();
        var reader = new WireReader(group);
        while (reader.Next())
        {
            if (reader is { Field: 1, Type: WireType.Bytes })
            {
                if (Read(reader.Bytes(), out var placeholder) is { } fault)
                {
                    return Failure.Invalid($"the placeholder group is malformed: {fault}");
                }

                placeholders.Add(placeholder);
            }
            else
            {
                reader.Skip();
            }
        }

        return reader.Fault is null ? placeholders.ToImmutable() : Failure.Invalid($"the placeholder group is malformed: {reader.Fault}");
    }

    private static string? Read(ReadOnlyMemory<byte> message, out RawPlaceholder placeholder)
    {
        var tag = "";
        var type = PlaceholderType.None;
        var values = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(1);
        var elementLevel = false;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Bytes):
                    tag = Encoding.UTF8.GetString(reader.Bytes().Span);
                    break;
                case (2, WireType.Varint):
                    type = (PlaceholderType)(int)reader.Varint();
                    break;
                case (3, WireType.Bytes):
                    values.Add(reader.Bytes());
                    break;
                case (4, WireType.Varint):
                    elementLevel = reader.Varint() != 0;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        placeholder = new(tag, type, values.ToImmutable(), elementLevel);
        return reader.Fault;
    }
}
