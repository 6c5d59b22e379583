using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Elanus.Expressions;

/// <summary>
/// Numbers the distinct elements of a list from 0, and finds an element's number from a value; -1 where the list has none that equals it.
/// Equal numbers are one element, whether integer or double. Immutable.
/// </summary>
internal sealed class ElementIndex
{
    private readonly Dictionary<long, int> integers = [];

    /// <summary>The keys of <see cref="integers"/>, to turn the many values away that are none.</summary>
    private readonly IntegerSet integerKeys;
    private readonly Dictionary<double, int> fractions = [];
    private readonly Dictionary<byte[], int> texts = new(Utf8Comparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> textLookup;
    private readonly List<(ImmutableArray<Literal> Elements, int Number)> lists = [];
    private readonly int[] bools = [-1, -1];

    /// <param name="elements">The list.</param>
    /// <param name="singlePrecision">Rounds numbers to single precision first, for Float arrays.</param>
    public ElementIndex(ImmutableArray<Literal> elements, bool singlePrecision = false)
    {
        foreach (var element in elements.AsSpan())
        {
            switch (element.Kind)
            {
                case LiteralKind.Integer when !singlePrecision:
                    Add(integers, element.Integer);
                    break;
                case LiteralKind.Integer or LiteralKind.Floating:
                    var value = singlePrecision ? (float)element.Floating : element.Floating;
                    if (NumberOrder.TryInteger(value, out var integer))
                    {
                        Add(integers, integer);
                    }
                    else
                    {
                        Add(fractions, value);
                    }

                    break;
                case LiteralKind.Text:
                    Add(texts, Encoding.UTF8.GetBytes(element.Text));
                    break;
                case LiteralKind.Bool:
                    if (bools[element.Bool ? 1 : 0] < 0)
                    {
                        bools[element.Bool ? 1 : 0] = Count++;
                    }

                    break;
                default:
                    lists.Add((element.Elements, Count++));
                    break;
            }
        }

        integerKeys = new IntegerSet(integers.Keys);
        textLookup = texts.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Distinct elements; lists within the list count each.</summary>
    public int Count { get; private set; }

    public bool HasNumbers => integers.Count + fractions.Count > 0;

    public bool HasTexts => texts.Count > 0;

    public bool HasBools => bools[0] >= 0 || bools[1] >= 0;

    public bool HasLists => lists.Count > 0;

    public int Find(long value) => integerKeys.Contains(value) ? integers[value] : -1;

    public int Find(double value) =>
        NumberOrder.TryInteger(value, out var integer) ? Find(integer) : fractions.GetValueOrDefault(value, -1);

    public int Find(bool value) => bools[value ? 1 : 0];

    public int Find(ReadOnlySpan<byte> text) => textLookup.TryGetValue(text, out var number) ? number : -1;

    /// <summary>
    /// Marks the elements that equal the JSON value at the reader, which stays within that value. Of lists there may be several alike.
    /// </summary>
    public void Mark(ref Utf8JsonReader reader, ref ElementMarks marks)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                marks.Add(reader.TryGetInt64(out var integer) ? Find(integer) : reader.TryGetDouble(out var number) ? Find(number) : -1);
                break;
            case JsonTokenType.String when HasTexts:
                using (var text = new JsonText(ref reader))
                {
                    marks.Add(Find(text.Utf8));
                }

                break;
            case JsonTokenType.True or JsonTokenType.False:
                marks.Add(Find(reader.TokenType == JsonTokenType.True));
                break;
            case JsonTokenType.StartArray:
                foreach (var (elements, at) in CollectionsMarshal.AsSpan(lists))
                {
                    var attempt = reader;
                    if (JsonListTest.Equals(ref attempt, elements))
                    {
                        marks.Add(at);
                    }
                }

                break;
        }
    }

    private void Add<T>(Dictionary<T, int> into, T value)
        where T : notnull
    {
        if (into.TryAdd(value, Count))
        {
            Count++;
        }
    }
}
