using System.Globalization;

namespace Elanus.Roles;

/// <summary>Consecutive primary keys that were drawn for rows without any.</summary>
internal static class DrawnKeys
{
    public static ColumnBlock Column(FieldSchema key, long first, long rows)
    {
        var builder = new ColumnBuilder(key, (int)rows);
        for (var row = 0; row < rows; row++)
        {
            _ = key.Type == DataType.Int64
                ? builder.Append(first + row)
                : builder.AppendText((first + row).ToString(CultureInfo.InvariantCulture));
        }

        return builder.Build();
    }
}
