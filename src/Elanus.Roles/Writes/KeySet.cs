using System.Globalization;
using System.Text;

namespace Elanus.Roles;

/// <summary>Primary keys of a batch, compared by their bytes.</summary>
public static class KeySet
{
    /// <summary>The row of the first key that stands earlier too, or null.</summary>
    public static int? FirstDuplicate(ColumnBlock keys)
    {
        var seen = new HashSet<string>(keys.Rows, StringComparer.Ordinal);
        for (var row = 0; row < keys.Rows; row++)
        {
            if (!seen.Add(Show(keys, row)))
            {
                return row;
            }
        }

        return null;
    }

    public static HeapColumn Column(FieldSchema key, IReadOnlyCollection<FieldValue> values)
    {
        var builder = new ColumnBuilder(key, values.Count);
        foreach (var value in values)
        {
            builder.Append(value);
        }

        return builder.Build();
    }

    /// <summary>A key as people write it.</summary>
    public static string Show(ColumnBlock keys, int row) => keys.Type == DataType.Int64
        ? keys.As<long>()[row].ToString(CultureInfo.InvariantCulture)
        : Encoding.UTF8.GetString(keys.Bytes(row));
}
