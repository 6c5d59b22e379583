using System.Numerics;
using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>
/// A test on the value at a path of a JSON column. Reads the bytes as they are, up to the value, and allocates nothing a row. Where the column is null
/// or the path leads nowhere, the test's own answer for a missing value counts: unknown for all but exists. Inserts let
/// only well-formed documents in; of another, or of one deeper than <see cref="ExpressionLimits.JsonDepthMax"/>, no value behind that place is seen.
/// </summary>
internal sealed class JsonPredicate(FieldId field, JsonPath path, JsonTest test) : Predicate
{
    internal static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = ExpressionLimits.JsonDepthMax };

    public override int Cost => Costs.Json;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        var column = rows.Column(field);
        var values = column.Values;
        var offsets = column.Offsets.Slice(rows.Start, rows.Count + 1);
        var validity = rows.Validity(column);
        using var scratch = new Scratch<ulong>(test.MarkWords);
        scratch.Span.Clear();
        var marks = new ElementMarks(scratch.Span);
        for (var word = 0; word < rows.Words; word++)
        {
            rows.StopIfCancelled();
            var known = validity.IsEmpty ? ulong.MaxValue : validity[word];
            ulong isTrue = 0;
            var isFalse = test.WhenMissing == Outcome.False ? ~known : 0;
            for (var open = wanted[word] & known; open != 0; open &= open - 1)
            {
                var bit = BitOperations.TrailingZeroCount(open);
                var row = word * 64 + bit;
                switch (Test(values[(int)offsets[row]..(int)offsets[row + 1]], ref marks))
                {
                    case Outcome.True:
                        isTrue |= 1UL << bit;
                        break;
                    case Outcome.False:
                        isFalse |= 1UL << bit;
                        break;
                }
            }

            into.True[word] = isTrue;
            into.False[word] = isFalse;
        }
    }

    public override void AddFields(ISet<FieldId> fields) => fields.Add(field);

    private Outcome Test(ReadOnlySpan<byte> document, ref ElementMarks marks)
    {
        if (document.IsEmpty)
        {
            return test.WhenMissing;
        }

        try
        {
            var reader = new Utf8JsonReader(document, ReaderOptions);
            return path.TryEnter(ref reader) ? test.Test(ref reader, ref marks) : test.WhenMissing;
        }
        catch (JsonException)
        {
            return test.WhenMissing;
        }
    }
}
