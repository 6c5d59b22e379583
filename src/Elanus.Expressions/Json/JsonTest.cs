using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Elanus.Expressions;

/// <summary>A condition on one JSON value. A value of a kind that the condition does not speak of, null among them, leaves it unknown.</summary>
internal abstract class JsonTest
{
    /// <summary>The answer where there is no value.</summary>
    public virtual Outcome WhenMissing => Outcome.Unknown;

    /// <summary>Words of marks that <see cref="Test"/> needs.</summary>
    public virtual int MarkWords => 0;

    /// <summary>Tests the value whose first token the reader stands on; may read on within it.</summary>
    public abstract Outcome Test(ref Utf8JsonReader reader, ref ElementMarks marks);
}

/// <summary>Compares numbers, integers and doubles exactly.</summary>
internal sealed class JsonNumberTest(CompareOperator @operator, Literal constant) : JsonTest
{
    public override Outcome Test(ref Utf8JsonReader reader, ref ElementMarks marks)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            return Outcome.Unknown;
        }

        return reader.TryGetInt64(out var integer) ? Outcomes.Of(NumberOrder.Holds(@operator, Literal.Of(integer), constant))
            : reader.TryGetDouble(out var number) ? Outcomes.Of(NumberOrder.Holds(@operator, Literal.Of(number), constant))
            : Outcome.Unknown;
    }
}

internal sealed class JsonTextTest(TextTest test) : JsonTest
{
    public override Outcome Test(ref Utf8JsonReader reader, ref ElementMarks marks)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return Outcome.Unknown;
        }

        using var text = new JsonText(ref reader);
        return Outcomes.Of(test.Holds(text.Utf8));
    }
}

internal sealed class JsonBoolTest(bool whenFalse, bool whenTrue) : JsonTest
{
    public override Outcome Test(ref Utf8JsonReader reader, ref ElementMarks marks) => reader.TokenType switch
    {
        JsonTokenType.True => Outcomes.Of(whenTrue),
        JsonTokenType.False => Outcomes.Of(whenFalse),
        _ => Outcome.Unknown,
    };
}

/// <summary>Is an element of a list. A value of a kind that the list has none of is unknown; of an empty list it is no element.</summary>
internal sealed class JsonInTest(ElementIndex list) : JsonTest
{
    public override int MarkWords => ElementMarks.WordsFor(list.Count);

    public override Outcome Test(ref Utf8JsonReader reader, ref ElementMarks marks)
    {
        var speaksOf = reader.TokenType switch
        {
            JsonTokenType.Null => false,
            _ when list.Count == 0 => true,
            JsonTokenType.Number => list.HasNumbers,
            JsonTokenType.String => list.HasTexts,
            JsonTokenType.True or JsonTokenType.False => list.HasBools,
            JsonTokenType.StartArray => list.HasLists,
            _ => false,
        };
        if (!speaksOf)
        {
            return Outcome.Unknown;
        }

        marks.Clear();
        list.Mark(ref reader, ref marks);
        return Outcomes.Of(marks.Count > 0);
    }
}

/// <summary>Equals a list in length, order and every element, or does not.</summary>
internal sealed class JsonListTest(bool equal, ImmutableArray<Literal> list) : JsonTest
{
    public override Outcome Test(ref Utf8JsonReader reader, ref ElementMarks marks) =>
        reader.TokenType == JsonTokenType.StartArray ? Outcomes.Of(Equals(ref reader, list) == equal) : Outcome.Unknown;

    /// <summary>Compares the array that the reader enters with a list; recursion goes no deeper than the list.</summary>
    public static bool Equals(ref Utf8JsonReader reader, ImmutableArray<Literal> list)
    {
        foreach (var expected in list.AsSpan())
        {
            if (!reader.Read() || !Equals(ref reader, expected))
            {
                return false;
            }
        }

        return reader.Read() && reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool Equals(ref Utf8JsonReader reader, in Literal expected)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when expected.IsNumber:
                return reader.TryGetInt64(out var integer)
                    ? NumberOrder.Holds(CompareOperator.Equal, Literal.Of(integer), expected)
                    : reader.TryGetDouble(out var number) && NumberOrder.Holds(CompareOperator.Equal, Literal.Of(number), expected);
            case JsonTokenType.String when expected.Kind == LiteralKind.Text:
                return JsonText.Equals(ref reader, Encoding.UTF8.GetBytes(expected.Text));
            case JsonTokenType.True or JsonTokenType.False when expected.Kind == LiteralKind.Bool:
                return expected.Bool == (reader.TokenType == JsonTokenType.True);
            case JsonTokenType.StartArray when expected.Kind == LiteralKind.List:
                return Equals(ref reader, expected.Elements);
            default:
                return false;
        }
    }
}

/// <summary>An array that has one of, or all of, a list's elements; unknown for a value that is no array.</summary>
internal sealed class JsonContainsTest(ElementIndex list, bool all) : JsonTest
{
    public override int MarkWords => ElementMarks.WordsFor(list.Count);

    public override Outcome Test(ref Utf8JsonReader reader, ref ElementMarks marks)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return Outcome.Unknown;
        }

        var target = all ? list.Count : 1;
        marks.Clear();
        while (marks.Count < target && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Mark(ref reader, ref marks);
            reader.Skip();
        }

        return Outcomes.Of(marks.Count >= target);
    }
}

/// <summary>
/// There is something at the path: any value but null, an empty object or array, or one of nothing but such. Never unknown. Milvus counts these as
/// absent too.
/// </summary>
internal sealed class JsonExistsTest : JsonTest
{
    public static readonly JsonExistsTest Instance = new();

    private JsonExistsTest()
    {
    }

    public override Outcome WhenMissing => Outcome.False;

    public override Outcome Test(ref Utf8JsonReader reader, ref ElementMarks marks)
    {
        var depth = reader.CurrentDepth;
        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                    return Outcome.True;
                case JsonTokenType.Null or JsonTokenType.EndObject or JsonTokenType.EndArray when reader.CurrentDepth == depth:
                    return Outcome.False;
            }
        }
        while (reader.Read());

        return Outcome.False;
    }
}
