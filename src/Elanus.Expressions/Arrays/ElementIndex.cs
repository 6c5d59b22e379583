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
    /// <summary>Numbered first, in ascending order; then the texts, the bools and the lists.</summary>
    private readonly NumberSet numbers;
    private readonly Dictionary<byte[], int> texts = new(Utf8Comparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> textLookup;
    private readonly int[] bools = [-1, -1];
    private readonly List<(ImmutableArray<Literal> Elements, int Number)> lists = [];

    /// <param name="elements">The list.</param>
    /// <param name="singlePrecision">Rounds numbers to single precision first, for Float arrays.</param>
    public ElementIndex(ImmutableArray<Literal> elements, bool singlePrecision = false)
    {
        numbers = new NumberSet(elements.Where(e => e.IsNumber), singlePrecision);
        Count = numbers.Count;
        foreach (var element in elements.AsSpan())
        {
            switch (element.Kind)
            {
                case LiteralKind.Text:
                    Count += texts.TryAdd(Encoding.UTF8.GetBytes(element.Text), Count) ? 1 : 0;
                    break;
                case LiteralKind.Bool when bools[element.Bool ? 1 : 0] < 0:
                    bools[element.Bool ? 1 : 0] = Count++;
                    break;
                case LiteralKind.List:
                    lists.Add((element.Elements, Count++));
                    break;
            }
        }

        textLookup = texts.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Distinct elements; lists within the list count each.</summary>
    public int Count { get; }

    public bool HasNumbers => numbers.Count > 0;

    public bool HasTexts => texts.Count > 0;

    public bool HasBools => bools[0] >= 0 || bools[1] >= 0;

    public bool HasLists => lists.Count > 0;

    public bool Has(long value) => numbers.Contains(value);

    public int Find(long value) => numbers.Find(value);

    public int Find(double value) => numbers.Find(value);

    public int Find(bool value) => bools[value ? 1 : 0];

    public int Find(ReadOnlySpan<byte> text) => textLookup.TryGetValue(text, out var number) ? number : -1;

    /// <summary>
    /// Marks the elements that equal the JSON value at the reader, which stays within that value. Of lists there may be several alike.
    /// </summary>
    public void Mark(ref Utf8JsonReader reader, ref ElementMarks marks)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when HasNumbers:
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
}
