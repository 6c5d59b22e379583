using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Where a column of new rows comes from: the batch, or, where the batch leaves it out, one value for all (empty and invalid: null).</summary>
internal readonly record struct ColumnSource(ColumnBlock? Column, byte[]? Constant)
{
    public bool IsNull => Column is null && Constant is null;

    /// <summary>What rows that leave a field out hold: its default, an empty object for the dynamic field, or null.</summary>
    public static ColumnSource Absent(FieldSchema field)
    {
        if (field.Default is { } value)
        {
            return new(null, new ColumnBuilder(field, 1).Append(value).Build().Values.ToArray());
        }

        return new(null, field is { IsDynamic: true, Nullable: false } ? "{}"u8.ToArray() : null);
    }

    /// <summary>A column of that value, for rows of a segment that has no such column.</summary>
    public ColumnBlock Repeat(FieldSchema field, int rows)
    {
        var builder = new ColumnBuilder(ColumnLayout.Of(field).Type, field.ElementType, ColumnLayout.Of(field).Dimension, rows);
        for (var row = 0; row < rows; row++)
        {
            _ = Constant is null ? builder.AppendNull() : builder.Append(Constant);
        }

        return builder.Build();
    }
}
