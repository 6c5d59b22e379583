using Elanus.Primitives;

namespace Elanus.Roles.Tests;

public sealed class SchemaRulesTests
{
    private static readonly FieldSchema Key = Field("id", DataType.Int64) with { IsPrimaryKey = true };
    private static readonly FieldSchema Vector = Field("v", DataType.FloatVector, ("dim", "4"));

    public static TheoryData<string, FieldSchema[]> Bad => new()
    {
        { "primary key is not specified", [Vector] },
        { "more than one primary key", [Key, Key with { Name = "other" }, Vector] },
        { "duplicated field name: v", [Key, Vector, Vector] },
        { "does not contain vector field", [Key] },
        { "dimension is not defined", [Key, Field("v", DataType.FloatVector)] },
        { "invalid dimension: 40000", [Key, Field("v", DataType.FloatVector, ("dim", "40000"))] },
        { "multiple of 8", [Key, Field("v", DataType.BinaryVector, ("dim", "12"))] },
        { "max_length", [Key, Vector, Field("t", DataType.VarChar)] },
        { "should be Int64 or VarChar", [Field("id", DataType.Float) with { IsPrimaryKey = true }, Vector] },
        { "not support null", [Key with { Nullable = true }, Vector] },
        { "is not equal to the type of its default value", [Key, Vector, Field("n", DataType.Int8) with { Default = FieldValue.Of(300) }] },
        { "numbers, letters and underscores", [Key, Vector, Field("a-b", DataType.Int8)] },
        { "Geometry", [Key, Vector, Field("g", DataType.Geometry)] },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_schema_is_refused_with_its_fault(string sentence, FieldSchema[] fields)
    {
        var checkedSchema = SchemaRules.Complete(new() { Name = "c", Fields = [.. fields] }, new());
        Assert.Contains(sentence, checkedSchema.Failure!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_good_schema_gets_ids_sizes_and_its_dynamic_field()
    {
        var schema = SchemaRules.Complete(
            new() { Name = "c", EnableDynamicField = true, Fields = [Key, Field("t", DataType.VarChar, ("max_length", "9")), Vector] },
            new()).Value;
        Assert.Equal(new long[] { 100, 101, 102, 103 }, schema.Fields.Select(f => f.Id.Value));
        Assert.Equal((9, 4, true), (schema.Fields[1].MaxLength, schema.Fields[2].Dimension, schema.Fields[3].IsDynamic));
    }

    private static FieldSchema Field(string name, DataType type, params (string Key, string Value)[] parameters) => new()
    {
        Id = default,
        Name = name,
        Type = type,
        TypeParams = [.. parameters.Select(p => new KeyValuePair<string, string>(p.Key, p.Value))],
    };
}
