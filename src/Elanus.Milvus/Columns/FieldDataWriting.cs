using Elanus.Milvus.Protocol.Schema;

namespace Elanus.Milvus;

/// <summary>
/// Columns as the field data of results. Rows without a value keep their place with an empty value, and <c>valid_data</c>
/// has an entry for every row: the form that all clients index by row.
/// </summary>
public static class FieldDataWriting
{
    public static FieldData Write(Primitives.FieldSchema field, ColumnBlock values)
    {
        var data = new FieldData
        {
            Type = (Protocol.Schema.DataType)field.Type,
            FieldName = field.Name,
            FieldId = field.Id.Value,
            IsDynamic = field.IsDynamic,
        };
        if (field.Type.IsVector())
        {
            data.Vectors = VectorWriting.Write(values);
        }
        else
        {
            data.Scalars = ScalarWriting.Write(values);
        }

        if (field.Nullable || !values.Validity.IsEmpty)
        {
            data.ValidData.Capacity = values.Rows;
            for (var row = 0; row < values.Rows; row++)
            {
                data.ValidData.Add(values.IsValid(row));
            }
        }

        return data;
    }
}
