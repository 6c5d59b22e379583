using Elanus.Milvus.Wire;

namespace Elanus.Milvus;

/// <summary>
/// Field data of an insert or upsert as a column, which lies in the request's bytes where it can. What is read here is the form: whether the
/// values fit the schema is decided where rows are taken in. Failures name the field, and the row where one value is at fault.
/// </summary>
public static class FieldDataReading
{
    /// <param name="data">The column as received.</param>
    /// <param name="schema">The collection's schema, which says what the column leaves out.</param>
    public static Result<ClientColumn> Read(RawFieldData data, CollectionSchema schema)
    {
        var name = data.IsDynamic && data.Name.Length == 0 ? SchemaRules.DynamicFieldName : data.Name;
        var column = data switch
        {
            { Vectors: { } vectors } => VectorReading.Read(name, data.Type, vectors, data.ValidData),
            { Scalars: { } scalars } => ScalarReading.Read(name, data.Type, scalars, data.ValidData, schema.Find(name)?.ElementType ?? default),
            { Structs: not null } => Failure.Unimplemented($"struct field {name}"),
            _ => Failure.Invalid($"field {name} carries no data"),
        };
        return column.TryGet(out var values, out var failure) ? new ClientColumn(name, values, data.IsDynamic) : failure;
    }
}
