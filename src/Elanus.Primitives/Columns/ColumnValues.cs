using System.Text;

namespace Elanus.Primitives;

/// <summary>Single values of scalar columns, boxed in a <see cref="FieldValue"/>; for keys, groups and tests, not for scans.</summary>
public static class ColumnValues
{
    /// <summary>The value of a row of a scalar column (not an array or a vector); null where it has none.</summary>
    public static FieldValue? ValueAt(this ColumnBlock column, int row) => !column.IsValid(row) ? null : column.Type switch
    {
        DataType.Bool => FieldValue.Of(column.As<byte>()[row] != 0),
        DataType.Int8 => FieldValue.Of((long)column.As<sbyte>()[row]),
        DataType.Int16 => FieldValue.Of((long)column.As<short>()[row]),
        DataType.Int32 => FieldValue.Of((long)column.As<int>()[row]),
        DataType.Int64 or DataType.Timestamptz => FieldValue.Of(column.As<long>()[row]),
        DataType.Float => FieldValue.Of((double)column.As<float>()[row]),
        DataType.Double => FieldValue.Of(column.As<double>()[row]),
        DataType.VarChar or DataType.String or DataType.Text or DataType.Json => FieldValue.Of(Encoding.UTF8.GetString(column.Bytes(row))),
        _ => throw new InvariantBrokenException($"a value of {column.Type} is no scalar"),
    };
}
