using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>What a schema in a record must keep so that the engine can store its rows. What clients may ask for is narrower and checked earlier.</summary>
internal static class SchemaCheck
{
    /// <summary>Bits of the widest vector.</summary>
    private const int DimensionMax = 1 << 20;

    private const int FieldsMax = 4096;

    public static CollectionSchema Whole(CollectionSchema schema)
    {
        Require(schema.Name is not null && schema.Description is not null, "the schema has no name");
        Require(schema.Fields is { IsDefaultOrEmpty: false, Length: <= FieldsMax }, "the schema has no fields, or too many");
        var ids = new HashSet<FieldId>();
        var keys = 0;
        foreach (var field in schema.Fields)
        {
            Require(field is { Name: not null } && ids.Add(field.Id), "a field has no name, or two fields share an id");
            Require(Storable(field), $"field {field.Id} has a type that rows cannot hold");
            keys += field.IsPrimaryKey ? 1 : 0;
        }

        Require(keys == 1 && schema.PrimaryKey.Type is DataType.Int64 or DataType.VarChar, "the schema has no usable primary key");
        return schema with { Fields = [.. schema.Fields.Select(Normal)] };
    }

    private static bool Storable(FieldSchema field) => field.Type switch
    {
        DataType.Bool or DataType.Int8 or DataType.Int16 or DataType.Int32 or DataType.Int64 or DataType.Float or DataType.Double
            or DataType.Timestamptz or DataType.String or DataType.VarChar or DataType.Text or DataType.Json or DataType.Geometry
            or DataType.SparseFloatVector => true,
        DataType.Array => field.ElementType is DataType.Bool or DataType.VarChar or DataType.String || field.ElementType.IsNumeric(),
        DataType.BinaryVector => field.Dimension is > 0 and <= DimensionMax && field.Dimension % 8 == 0,
        _ => field.Type.IsDenseVector() && field.Dimension is > 0 and <= DimensionMax / 8,
    };

    private static FieldSchema Normal(FieldSchema field) => field with
    {
        Description = field.Description ?? "",
        TypeParams = field.TypeParams.IsDefault ? [] : field.TypeParams,
        IndexParams = field.IndexParams.IsDefault ? [] : field.IndexParams,
    };

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new RecordCorruptException(what);
        }
    }
}
