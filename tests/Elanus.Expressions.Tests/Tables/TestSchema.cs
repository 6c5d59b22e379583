using Elanus.Primitives;

namespace Elanus.Expressions.Tests;

/// <summary>One field of each kind that a filter reads, nullable beside not nullable.</summary>
internal static class TestSchema
{
    public static readonly CollectionSchema WithDynamic = Make(dynamic: true);

    public static readonly CollectionSchema WithoutDynamic = Make(dynamic: false);

    private static CollectionSchema Make(bool dynamic)
    {
        var fields = new List<FieldSchema>();
        Add("id", DataType.Int64);
        Add("flag", DataType.Bool);
        Add("flag2", DataType.Bool, nullable: true);
        Add("i8", DataType.Int8);
        Add("i16", DataType.Int16);
        Add("i32", DataType.Int32);
        Add("a", DataType.Int64);
        Add("n", DataType.Int64, nullable: true);
        Add("f", DataType.Float);
        Add("d", DataType.Double);
        Add("s", DataType.VarChar);
        Add("t", DataType.VarChar, nullable: true);
        Add("k", DataType.VarChar);
        Add("meta", DataType.Json, nullable: true);
        Add("ints", DataType.Array, DataType.Int64, nullable: true);
        Add("shorts", DataType.Array, DataType.Int16);
        Add("texts", DataType.Array, DataType.VarChar);
        Add("floats", DataType.Array, DataType.Float);
        Add("doubles", DataType.Array, DataType.Double);
        Add("bools", DataType.Array, DataType.Bool);
        Add("vec", DataType.FloatVector);
        Add("geo", DataType.Geometry);
        Add("ts", DataType.Timestamptz, nullable: true);
        if (dynamic)
        {
            Add("$meta", DataType.Json);
            fields[^1] = fields[^1] with { IsDynamic = true };
        }

        fields[0] = fields[0] with { IsPrimaryKey = true };
        var key = fields.FindIndex(f => f.Name == "k");
        fields[key] = fields[key] with { IsPartitionKey = true };
        return new CollectionSchema { Name = "test", Fields = [.. fields], EnableDynamicField = dynamic };

        void Add(string name, DataType type, DataType element = DataType.None, bool nullable = false) =>
            fields.Add(new FieldSchema { Id = new(100 + fields.Count), Name = name, Type = type, ElementType = element, Nullable = nullable, Dimension = type == DataType.FloatVector ? 4 : 0 });
    }

    public static FieldId Id(string name) => WithDynamic.Find(name)!.Id;
}
