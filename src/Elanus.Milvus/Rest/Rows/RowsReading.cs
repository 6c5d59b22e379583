using System.Buffers;
using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>Rows of a request as columns of the schema; keys outside the schema are gathered into the dynamic field.</summary>
internal static class RowsReading
{
    /// <param name="schema">The collection's schema.</param>
    /// <param name="data">A list of rows, or one row.</param>
    /// <param name="partial">Fields that no row has are left out, for the old rows' values to stay.</param>
    public static Result<(int Rows, IReadOnlyList<ClientColumn> Columns)> Read(CollectionSchema schema, JsonElement data, bool partial)
    {
        JsonElement[] rows = data.ValueKind == JsonValueKind.Array ? [.. data.EnumerateArray()] : [data];
        var fields = schema.Fields.Where(f => !f.IsDynamic).ToArray();
        var numberOf = fields.Select((f, i) => (f.Name, i)).ToDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);
        var values = new JsonElement[rows.Length * fields.Length];
        var rest = new List<JsonProperty>[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row].ValueKind != JsonValueKind.Object)
            {
                return RestFailures.Rows($"row {row} must be an object, got {rows[row].ValueKind}");
            }

            foreach (var member in rows[row].EnumerateObject())
            {
                if (numberOf.TryGetValue(member.Name, out var number))
                {
                    values[(row * fields.Length) + number] = member.Value;
                }
                else if (schema.DynamicField is not { } dynamic)
                {
                    return RestFailures.Rows($"row {row} has the key {member.Name}, which is no field of collection {schema.Name}, and the collection has no dynamic field");
                }
                else if (member.Name == dynamic.Name)
                {
                    return RestFailures.Rows($"row {row} names the dynamic field {dynamic.Name} itself; its keys stand in the row directly");
                }
                else
                {
                    (rest[row] ??= []).Add(member);
                }
            }
        }

        var columns = new List<ClientColumn>();
        for (var number = 0; number < fields.Length; number++)
        {
            if (!Column(fields[number], values, number, fields.Length, rows.Length, partial).TryGet(out var column, out var failure))
            {
                return failure;
            }

            if (column is not null)
            {
                columns.Add(new(fields[number].Name, column));
            }
        }

        if (schema.DynamicField is { } gathered && rest.Any(r => r is not null))
        {
            columns.Add(new(gathered.Name, Dynamic(rest), IsDynamic: true));
        }

        return (rows.Length, columns);
    }

    /// <summary>The values of one field; null where no row has one and the field can do without.</summary>
    private static Result<ColumnBlock?> Column(FieldSchema field, JsonElement[] values, int number, int fields, int rows, bool partial)
    {
        var given = Enumerable.Range(0, rows).Count(row => values[(row * fields) + number].ValueKind != JsonValueKind.Undefined);
        if (given == 0 && (partial || field.AutoId))
        {
            return Result<ColumnBlock?>.Ok(null);
        }

        var builder = new ColumnBuilder(field, rows);
        for (var row = 0; row < rows; row++)
        {
            var value = values[(row * fields) + number];
            if (value.ValueKind == JsonValueKind.Undefined && (partial || (!field.Nullable && field.Default is null)))
            {
                return RestFailures.Rows(partial
                    ? $"row {row} has no field {field.Name}, which other rows have: in a partial update all rows carry the same fields"
                    : $"row {row} has no field {field.Name}");
            }

            if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            {
                builder.AppendNull();
            }
            else if (FieldValues.Append(builder, field, value) is { } wrong)
            {
                return RestFailures.Rows($"row {row}, field {field.Name} of type {DataTypeNames.Of(field.Type)}: {wrong}");
            }
        }

        return builder.Build();
    }

    private static HeapColumn Dynamic(List<JsonProperty>?[] rows)
    {
        var builder = new ColumnBuilder(DataType.Json, capacityRows: rows.Length);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        foreach (var row in rows)
        {
            buffer.ResetWrittenCount();
            writer.Reset();
            writer.WriteStartObject();
            foreach (var member in row ?? [])
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
            writer.Flush();
            builder.Append(buffer.WrittenSpan);
        }

        return builder.Build();
    }
}
