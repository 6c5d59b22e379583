namespace Elanus.Milvus;

/// <summary>
/// Which received value belongs to which row. Clients mark rows without a value in <c>valid_data</c> and send either the values of the
/// other rows only, or a place holder for every row; the counts tell which.
/// </summary>
internal sealed class ValuePlaces
{
    private readonly IReadOnlyList<bool> valid;
    private readonly bool isCompact;

    private ValuePlaces(int rows, IReadOnlyList<bool> valid, bool isCompact)
    {
        Rows = rows;
        this.valid = valid;
        this.isCompact = isCompact;
    }

    public int Rows { get; }

    /// <summary>Every row has a value, in its own place.</summary>
    public bool AllValid => valid.Count == 0;

    /// <param name="field">The field's name, for the failure.</param>
    /// <param name="values">Values received.</param>
    /// <param name="valid">One mark a row, or none where every row has a value.</param>
    public static Result<ValuePlaces> Of(string field, int values, IReadOnlyList<bool> valid)
    {
        if (valid.Count == 0)
        {
            return new ValuePlaces(values, [], isCompact: false);
        }

        var set = valid.Count(v => v);
        if (values != set && values != valid.Count)
        {
            return Failure.Invalid($"the length of valid_data of field({field}) is wrong: {valid.Count} rows, {set} of them with a value, but {values} values");
        }

        return set == valid.Count ? new ValuePlaces(values, [], isCompact: false) : new(valid.Count, valid, isCompact: values == set);
    }

    /// <summary>The place of each row's value among those received; -1 where the row has none.</summary>
    public IEnumerable<int> Places()
    {
        var next = 0;
        for (var row = 0; row < Rows; row++)
        {
            var has = AllValid || valid[row];
            yield return has ? isCompact ? next : row : -1;
            next += has ? 1 : 0;
        }
    }

    /// <summary>A column of fixed-width values from those received.</summary>
    public HeapColumn Fixed(DataType type, ReadOnlyMemory<byte> values)
    {
        if (AllValid)
        {
            return new(type, DataType.None, 0, Rows, values, default, default);
        }

        var width = type.Width();
        var builder = new ColumnBuilder(type, capacityRows: Rows);
        foreach (var place in Places())
        {
            _ = place < 0 ? builder.AppendNull() : builder.Append(values.Span.Slice(place * width, width));
        }

        return builder.Build();
    }
}
