using Elanus.Vectors;

namespace Elanus.Roles;

/// <summary>
/// Turns the columns of a client into rows of the schema: every field present, defaults filled in, every value checked.
/// Everything that is not a function of the log is decided here, before the append.
/// </summary>
public static class RowIntake
{
    /// <param name="schema">The collection's schema.</param>
    /// <param name="rows">Number of rows the client says it sends.</param>
    /// <param name="columns">What it sent.</param>
    /// <param name="autoIds">Keys made for the rows of a collection with automatic ids; null where the client's own keys stand.</param>
    /// <param name="limits">Bounds on sizes.</param>
    public static Result<RowBatch> Accept(CollectionSchema schema, int rows, IReadOnlyList<ClientColumn> columns, ColumnBlock? autoIds, Limits limits)
    {
        if (Unexpected(schema, rows, columns) is { } wrong)
        {
            return wrong;
        }

        var accepted = new List<FieldColumn>(schema.Fields.Length);
        foreach (var field in schema.Fields)
        {
            var given = field is { IsPrimaryKey: true } && autoIds is not null ? autoIds : Find(columns, field);
            if (!Complete(field, rows, given is null ? null : Stated(field, given)).TryGet(out var column, out var failure))
            {
                return failure;
            }

            if (ValueRules.Check(field, column, limits) is { } bad)
            {
                return bad;
            }

            accepted.Add(new(field.Id, column));
        }

        return new RowBatch(rows, accepted);
    }

    /// <summary>The column a client sent for a field, or null.</summary>
    public static ColumnBlock? Find(IReadOnlyList<ClientColumn> columns, FieldSchema field)
    {
        foreach (var column in columns)
        {
            if (field.IsDynamic ? column.IsDynamic || column.Name == field.Name : !column.IsDynamic && column.Name == field.Name)
            {
                return column.Values;
            }
        }

        return null;
    }

    private static Failure? Unexpected(CollectionSchema schema, int rows, IReadOnlyList<ClientColumn> columns)
    {
        if (rows <= 0)
        {
            return Failure.Invalid($"num_rows should be greater than zero, got {rows}");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            var field = column.IsDynamic ? schema.DynamicField : schema.Find(column.Name);
            if (field is null)
            {
                return Failure.Invalid(column.IsDynamic
                    ? $"collection {schema.Name} has no dynamic field, but the data carries one; enable it or remove the keys outside the schema"
                    : $"field {column.Name} does not exist in collection {schema.Name}");
            }

            if (!seen.Add(field.Name))
            {
                return Failure.Invalid($"duplicated field name {field.Name} in the data");
            }

            if (column.Values.Rows != rows)
            {
                return Failure.Invalid($"the num_rows ({column.Values.Rows}) of field ({field.Name}) is not equal to passed num_rows ({rows})");
            }

            if (column.Values.Type != field.Type || (field.Type == DataType.Array && column.Values.ElementType != field.ElementType))
            {
                return Failure.Invalid($"the data type ({column.Values.Type}) of field ({field.Name}) does not match the schema's ({field.Type})");
            }

            if (field.Type.IsDenseVector() && column.Values.Dimension != field.Dimension)
            {
                return Failure.Invalid($"the dim ({column.Values.Dimension}) of field data({field.Name}) is not equal to schema dim ({field.Dimension})");
            }
        }

        return null;
    }

    /// <summary>
    /// The column with every JSON value said in words: clients (the Node one) send no bytes for a JSON null, with or without marking the row.
    /// </summary>
    private static ColumnBlock Stated(FieldSchema field, ColumnBlock given)
    {
        if (field.Type != DataType.Json || field.IsDynamic || !Enumerable.Range(0, given.Rows).Any(IsSilent))
        {
            return given;
        }

        var stated = new ColumnBuilder(field, given.Rows);
        for (var row = 0; row < given.Rows; row++)
        {
            _ = !IsSilent(row) ? stated.AppendFrom(given, row)
                : field.Nullable ? stated.AppendNull()
                : stated.Append("null"u8);
        }

        return stated.Build();

        bool IsSilent(int row) => given.IsValid(row) && given.Bytes(row).IsEmpty;
    }

    private static Result<ColumnBlock> Complete(FieldSchema field, int rows, ColumnBlock? given)
    {
        if (given is null)
        {
            return field switch
            {
                { IsDynamic: true } => Repeated(field, rows, FieldValue.Of("{}")),
                { Default: { } value } => Repeated(field, rows, value),
                { Nullable: true } => Repeated(field, rows, null),
                _ => Failure.Invalid($"fieldSchema({field.Name}) has no corresponding fieldData pass in"),
            };
        }

        if (given.Validity.IsEmpty || field.Nullable && field.Default is null)
        {
            return Result<ColumnBlock>.Ok(given);
        }

        var filled = new ColumnBuilder(field, rows);
        for (var row = 0; row < rows; row++)
        {
            if (given.IsValid(row))
            {
                filled.AppendFrom(given, row);
            }
            else if (field.Default is { } value)
            {
                filled.Append(value);
            }
            else if (field.IsDynamic)
            {
                filled.Append("{}"u8);
            }
            else
            {
                return Failure.Invalid($"the field {field.Name} is not nullable, but row {row} has no value");
            }
        }

        return filled.Build();
    }

    private static HeapColumn Repeated(FieldSchema field, int rows, FieldValue? value)
    {
        var builder = new ColumnBuilder(field, rows);
        for (var row = 0; row < rows; row++)
        {
            _ = value is { } some ? builder.Append(some) : builder.AppendNull();
        }

        return builder.Build();
    }
}
