using System.Numerics;
using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>A number drawn from the value at a path of a JSON column; rows without one are not known.</summary>
internal abstract class JsonNumeric(FieldId field, JsonPath path) : NumericNode
{
    public override int Cost => Costs.Json;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Numbers into)
    {
        var column = rows.Column(field);
        var values = column.Values;
        var offsets = column.Offsets.Slice(rows.Start, rows.Count + 1);
        var validity = rows.Validity(column);
        for (var word = 0; word < rows.Words; word++)
        {
            rows.StopIfCancelled();
            into.Known[word] = 0;
            into.Integers[word] = 0;
            for (var open = wanted[word] & (validity.IsEmpty ? ulong.MaxValue : validity[word]); open != 0; open &= open - 1)
            {
                var row = word * 64 + BitOperations.TrailingZeroCount(open);
                Read(values[(int)offsets[row]..(int)offsets[row + 1]], row, into);
            }
        }
    }

    public override void AddFields(ISet<FieldId> fields) => fields.Add(field);

    /// <summary>Sets a row's number from the value whose first token the reader stands on, if it gives one.</summary>
    protected abstract void Read(ref Utf8JsonReader reader, int row, Numbers into);

    protected static void SetInteger(Numbers into, int row, long value)
    {
        into.Lanes[row] = value;
        into.Known[row >> 6] |= 1UL << row;
        into.Integers[row >> 6] |= 1UL << row;
    }

    private void Read(ReadOnlySpan<byte> document, int row, Numbers into)
    {
        if (document.IsEmpty)
        {
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(document, JsonPredicate.ReaderOptions);
            if (path.TryEnter(ref reader))
            {
                Read(ref reader, row, into);
            }
        }
        catch (JsonException)
        {
            // A document that is not well-formed has no values: the row stays without a number.
            into.Known[row >> 6] &= ~(1UL << row);
        }
    }
}

/// <summary>The number at a path.</summary>
internal sealed class JsonNumber(FieldId field, JsonPath path) : JsonNumeric(field, path)
{
    public override NumberType Type => NumberType.Mixed;

    protected override void Read(ref Utf8JsonReader reader, int row, Numbers into)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            return;
        }

        if (reader.TryGetInt64(out var integer))
        {
            SetInteger(into, row, integer);
        }
        else if (reader.TryGetDouble(out var number))
        {
            into.Lanes[row] = BitConverter.DoubleToInt64Bits(number);
            into.Known[row >> 6] |= 1UL << row;
        }
    }
}

/// <summary>The number of elements of the array at a path.</summary>
internal sealed class JsonLength(FieldId field, JsonPath path) : JsonNumeric(field, path)
{
    public override NumberType Type => NumberType.Integer;

    protected override void Read(ref Utf8JsonReader reader, int row, Numbers into)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return;
        }

        var count = 0L;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            count++;
            reader.Skip();
        }

        SetInteger(into, row, count);
    }
}
