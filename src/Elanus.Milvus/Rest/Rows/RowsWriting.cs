using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>Rows of an answer as JSON objects, in the shapes of Milvus: a JSON field as its text, an array inside of its kind's object.</summary>
/// <param name="fields">The schema of each column.</param>
/// <param name="rows">The rows.</param>
/// <param name="int64AsNumbers">Whether Int64 values are numbers rather than texts.</param>
/// <param name="taken">Member names that the caller writes itself.</param>
internal sealed class RowsWriting(IReadOnlyList<FieldSchema> fields, RowBatch rows, bool int64AsNumbers, params string[] taken)
{
    private readonly HashSet<string> names = [.. fields.Where(f => !f.IsDynamic).Select(f => f.Name), .. taken];

    /// <summary>Writes the members of a row into the object that is open.</summary>
    public void WriteRow(Utf8JsonWriter writer, int row)
    {
        foreach (var field in fields)
        {
            var column = rows.Find(field.Id)!;
            if (field.IsDynamic)
            {
                WriteDynamic(writer, column, row);
            }
            else if (!taken.Contains(field.Name))
            {
                writer.WritePropertyName(field.Name);
                ColumnJson.WriteValue(writer, column, row, int64AsNumbers);
            }
        }
    }

    /// <summary>The keys of the dynamic field stand beside the fields; a field's name wins over a key's.</summary>
    private void WriteDynamic(Utf8JsonWriter writer, ColumnBlock column, int row)
    {
        if (!column.IsValid(row) || column.Bytes(row).IsEmpty)
        {
            return;
        }

        JsonKeys.Each(column.Bytes(row), (key, value) =>
        {
            if (!names.Contains(key))
            {
                JsonKeys.Write(writer, key, value);
            }
        });
    }
}
