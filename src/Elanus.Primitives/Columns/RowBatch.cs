namespace Elanus.Primitives;

/// <summary>One field's values in a batch.</summary>
public readonly record struct FieldColumn(FieldId Field, ColumnBlock Values);

/// <summary>Rows as columns, all of the same length. Fields that are absent take their default, or null.</summary>
public sealed class RowBatch
{
    public RowBatch(int rows, IReadOnlyList<FieldColumn> columns)
    {
        Rows = rows;
        Columns = columns;
        foreach (var column in columns)
        {
            Invariant.Holds(column.Values.Rows == rows, $"the columns of a batch differ in length (field {column.Field})");
        }
    }

    public int Rows { get; }

    public IReadOnlyList<FieldColumn> Columns { get; }

    public ColumnBlock? Find(FieldId field)
    {
        foreach (var column in Columns)
        {
            if (column.Field == field)
            {
                return column.Values;
            }
        }

        return null;
    }

    /// <summary>The given rows, in the given order, as a batch of its own.</summary>
    public RowBatch Take(ReadOnlySpan<int> rows)
    {
        var taken = new FieldColumn[Columns.Count];
        for (var i = 0; i < taken.Length; i++)
        {
            var source = Columns[i].Values;
            var builder = new ColumnBuilder(source.Type, source.ElementType, source.Dimension, rows.Length);
            foreach (var row in rows)
            {
                builder.AppendFrom(source, row);
            }

            taken[i] = new(Columns[i].Field, builder.Build());
        }

        return new(rows.Length, taken);
    }
}
