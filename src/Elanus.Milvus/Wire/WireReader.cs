using System.Globalization;

namespace Elanus.Milvus.Wire;

/// <summary>
/// Walks over one protobuf message. The first fault ends the walk: from then on <see cref="Next"/> is false and values are empty, so that callers
/// look at <see cref="Fault"/> once, after their loop.
/// </summary>
internal ref struct WireReader(ReadOnlyMemory<byte> message)
{
    /// <summary>Messages within messages; protobuf's own limit.</summary>
    public const int DepthMax = 100;

    private const int VarintBytesMax = 10;

    private readonly ReadOnlySpan<byte> span = message.Span;
    private int position;

    /// <summary>What is wrong and where, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    public WireType Type { get; private set; }

    /// <summary>Where the current field's tag starts.</summary>
    public int Start { get; private set; }

    /// <summary>Where reading stands.</summary>
    public readonly int Position => position;

    /// <summary>Moves to the next field; its value must be read or skipped before the next call.</summary>
    public bool Next()
    {
        if (Fault is not null || position == span.Length)
        {
            return false;
        }

        Start = position;
        var tag = Varint();
        if (Fault is null && (tag >> 3 is 0 or > 0x1fffffff || (tag & 7) > 5))
        {
            Fail($"the tag {tag} is illegal");
        }

        Field = (int)(tag >> 3);
        Type = (WireType)(tag & 7);
        return Fault is null;
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < VarintBytesMax && position < span.Length; i++)
        {
            var b = span[position++];
            value |= (ulong)(b & 0x7f) << (7 * i);
            if (b < 0x80)
            {
                return value;
            }
        }

        Fail(position == span.Length ? "a number is cut off" : "a number is longer than ten bytes");
        return 0;
    }

    /// <summary>A length and as many bytes.</summary>
    public ReadOnlyMemory<byte> Bytes()
    {
        var length = Varint();
        return Fault is null ? Take(length) : default;
    }

    /// <summary>The current value as it stands, without tag: what packed fields hold one after another.</summary>
    public ReadOnlyMemory<byte> Element()
    {
        switch (Type)
        {
            case WireType.Varint:
                var start = position;
                Varint();
                return Fault is null ? message[start..position] : default;
            case WireType.Fixed32:
                return Take(4);
            case WireType.Fixed64:
                return Take(8);
            default:
                return Bytes();
        }
    }

    /// <summary>Passes over the current value.</summary>
    public void Skip()
    {
        if (Type is WireType.GroupStart)
        {
            SkipGroup();
        }
        else if (Type is WireType.GroupEnd)
        {
            Fail("a group ends that did not begin");
        }
        else
        {
            Element();
        }
    }

    public void Fail(string what) => Fault ??= string.Create(CultureInfo.InvariantCulture, $"{what} (at byte {position} of {span.Length})");

    private void SkipGroup()
    {
        var open = new Stack<int>([Field]);
        while (open.Count > 0)
        {
            if (open.Count > DepthMax)
            {
                Fail("groups are nested too deeply");
            }

            if (!Next())
            {
                Fail("a group does not end");
                return;
            }

            if (Type is WireType.GroupStart)
            {
                open.Push(Field);
            }
            else if (Type is WireType.GroupEnd)
            {
                if (open.Pop() != Field)
                {
                    Fail("a group ends inside another");
                }
            }
            else
            {
                Element();
            }
        }
    }

    private ReadOnlyMemory<byte> Take(ulong length)
    {
        if (length > (ulong)(span.Length - position))
        {
            Fail($"a value of {length} bytes reaches past the end");
            return default;
        }

        var taken = message.Slice(position, (int)length);
        position += (int)length;
        return taken;
    }
}
