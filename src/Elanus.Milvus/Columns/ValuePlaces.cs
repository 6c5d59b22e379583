namespace Elanus.Milvus;

/// <summary>
/// Which received value belongs to which row. Clients mark rows without a value in <c>valid_data</c> and send either the values of the
/// other rows only, or a place holder for every row; the counts tell which.
/// </summary>
internal sealed class ValuePlaces
{
    private readonly ReadOnlyMemory<byte> valid;
    private readonly bool isCompact;

    private ValuePlaces(int rows, ReadOnlyMemory<byte> valid, bool isCompact)
    {
        Rows = rows;
        this.valid = valid;
        this.isCompact = isCompact;
    }

    public int Rows { get; }

    /// <summary>Every row has a value, in its own place.</summary>
    public bool AllValid => valid.IsEmpty;

    /// <param name="field">The field's name, for the failure.</param>
    /// <param name="values">Values received.</param>
    /// <param name="valid">One byte a row, 1 where it has a value; empty where every row has one.</param>
    public static Result<ValuePlaces> Of(string field, int values, ReadOnlyMemory<byte> valid)
    {
        if (valid.IsEmpty)
        {
            return new ValuePlaces(values, default, isCompact: false);
        }

        var set = valid.Span.Count((byte)1);
        if (values != set && values != valid.Length)
        {
            return Failure.Invalid($"the length of valid_data of field({field}) is wrong: {valid.Length} rows, {set} of them with a value, but {values} values");
        }

        return set == valid.Length ? new ValuePlaces(values, default, isCompact: false) : new(valid.Length, valid, isCompact: values == set);
    }

    /// <summary>The place of each row's value among those received; -1 where the row has none.</summary>
    public IEnumerable<int> Places()
    {
        var next = 0;
        for (var row = 0; row < Rows; row++)
        {
            var has = AllValid || valid.Span[row] != 0;
            yield return has ? isCompact ? next : row : -1;
            next += has ? 1 : 0;
        }
    }

    /// <summary>A column of fixed-width values from those received; where every row has one it lies where they do.</summary>
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

    /// <summary>A column of values of varying size from those received.</summary>
    public HeapColumn Variable(DataType type, ReadOnlySpan<ReadOnlyMemory<byte>> values)
    {
        var builder = new ColumnBuilder(type, capacityRows: Rows);
        foreach (var place in Places())
        {
            _ = place < 0 ? builder.AppendNull() : builder.Append(values[place].Span);
        }

        return builder.Build();
    }
}
