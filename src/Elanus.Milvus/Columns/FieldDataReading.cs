using Elanus.Milvus.Protocol.Schema;

namespace Elanus.Milvus;

/// <summary>
/// Field data of an insert or upsert as a column. What is read here is the form: whether the values fit the schema is decided where rows
/// are taken in. Failures name the field, and the row where one value is at fault.
/// </summary>
public static class FieldDataReading
{
    /// <param name="data">The column as received.</param>
    /// <param name="schema">The collection's schema, which says what the column leaves out.</param>
    public static Result<ClientColumn> Read(FieldData data, Primitives.CollectionSchema schema)
    {
        var name = data.IsDynamic && data.FieldName.Length == 0 ? SchemaRules.DynamicFieldName : data.FieldName;
        var column = data.FieldCase switch
        {
            FieldData.FieldOneofCase.Vectors => VectorReading.Read(name, (Primitives.DataType)data.Type, data.Vectors, data.ValidData),
            FieldData.FieldOneofCase.Scalars => ScalarReading.Read(name, (Primitives.DataType)data.Type, data.Scalars, data.ValidData, schema.Find(name)?.ElementType ?? default),
            FieldData.FieldOneofCase.StructArrays => Failure.Unimplemented($"struct field {name}"),
            _ => Failure.Invalid($"field {name} carries no data"),
        };
        return column.TryGet(out var values, out var failure) ? new ClientColumn(name, values, data.IsDynamic) : failure;
    }
}
