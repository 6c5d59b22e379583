using System.Collections.Immutable;
using System.Globalization;

namespace Elanus.Roles;

/// <summary>Checks a client's schema and completes it: field ids, the dynamic field, sizes read from the type parameters.</summary>
public static class SchemaRules
{
    /// <summary>Ids below are the system's (row id 0, timestamp 1).</summary>
    public const long FirstFieldId = 100;

    public const string DynamicFieldName = "$meta";

    public static Result<CollectionSchema> Complete(CollectionSchema draft, Limits limits)
    {
        if (draft.Fields.Length > limits.FieldsMax)
        {
            return Failure.Invalid($"maximum field's number should be limited to {limits.FieldsMax}");
        }

        var fields = ImmutableArray.CreateBuilder<FieldSchema>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var asked in draft.Fields)
        {
            if (!Field(asked, limits).TryGet(out var field, out var failure))
            {
                return failure;
            }

            if (!names.Add(field.Name))
            {
                return Failure.Invalid($"duplicated field name: {field.Name}");
            }

            if (!field.IsDynamic)
            {
                fields.Add(field with { Id = new(FirstFieldId + fields.Count) });
            }
        }

        if (Whole(fields, limits) is { } wrong)
        {
            return wrong;
        }

        if (draft.EnableDynamicField)
        {
            if (names.Contains(DynamicFieldName))
            {
                return Failure.Invalid($"the field name {DynamicFieldName} is kept for dynamic fields");
            }

            fields.Add(Dynamic(new(FirstFieldId + fields.Count)));
        }

        return draft with { Fields = fields.ToImmutable() };
    }

    /// <summary>The hidden field of a collection with dynamic fields.</summary>
    public static FieldSchema Dynamic(FieldId id) =>
        new() { Id = id, Name = DynamicFieldName, Description = "dynamic schema", Type = DataType.Json, IsDynamic = true };

    /// <summary>Checks one field and reads its sizes from its type parameters.</summary>
    public static Result<FieldSchema> Field(FieldSchema asked, Limits limits)
    {
        if (NameRules.Check("field", asked.Name, limits.NameLengthMax, code: FailureCode.FieldInvalidName) is { } bad)
        {
            return bad;
        }

        var field = asked;
        if (asked.Type is DataType.Geometry or DataType.Timestamptz or DataType.Text or DataType.ArrayOfVector or DataType.ArrayOfStruct or DataType.Struct)
        {
            return Failure.Unimplemented($"field {asked.Name}: data type {asked.Type}");
        }

        if (!Enum.IsDefined(asked.Type) || asked.Type is DataType.None or DataType.String)
        {
            return Failure.Invalid($"data type of field {asked.Name} is not supported: {(int)asked.Type}");
        }

        if (asked.Type.IsDenseVector())
        {
            if (!Number(asked, "dim").TryGet(out var dimension, out var failure))
            {
                return failure;
            }

            var least = asked.Type == DataType.BinaryVector ? 8 : 1;
            var most = asked.Type == DataType.BinaryVector ? limits.DimensionMax * 8 : limits.DimensionMax;
            if (dimension < least || dimension > most)
            {
                return Failure.Invalid($"invalid dimension: {dimension} of field {asked.Name}. it should be in range {least} ~ {most}");
            }

            if (asked.Type == DataType.BinaryVector && dimension % 8 != 0)
            {
                return Failure.Invalid($"invalid dimension: {dimension} of field {asked.Name}. binary vector dimension should be multiple of 8. ");
            }

            field = field with { Dimension = (int)dimension };
        }

        if (asked.Type == DataType.VarChar || (asked.Type == DataType.Array && asked.ElementType == DataType.VarChar))
        {
            if (!Number(asked, "max_length").TryGet(out var length, out var failure))
            {
                return failure;
            }

            if (length < 1 || length > limits.VarCharLengthMax)
            {
                return Failure.Invalid($"the maximum length specified for the field({asked.Name}) should be in (0, {limits.VarCharLengthMax}], but got {length} instead");
            }

            field = field with { MaxLength = (int)length };
        }

        if (asked.Type == DataType.Array)
        {
            if (!asked.ElementType.IsNumeric() && asked.ElementType is not (DataType.Bool or DataType.VarChar))
            {
                return Failure.Invalid($"element type {asked.ElementType} is not supported for the array field {asked.Name}");
            }

            if (!Number(asked, "max_capacity").TryGet(out var capacity, out var failure))
            {
                return failure;
            }

            if (capacity < 1 || capacity > limits.ArrayCapacityMax)
            {
                return Failure.Invalid($"the maximum capacity specified for a Array should be in (0, {limits.ArrayCapacityMax}], but the field({asked.Name}) got {capacity}");
            }

            field = field with { MaxCapacity = (int)capacity };
        }

        return Default(field) is { } wrong ? wrong : field;
    }

    /// <summary>A type parameter that must be a whole number.</summary>
    private static Result<long> Number(FieldSchema field, string key)
    {
        foreach (var (name, value) in field.TypeParams)
        {
            if (name == key)
            {
                return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : Failure.Invalid($"type param({key}) of field {field.Name} should be a whole number, not {value}");
            }
        }

        return key == "dim"
            ? Failure.Invalid($"dimension is not defined in field type params of field {field.Name}, check type param `dim` for vector field")
            : Failure.Invalid($"type param({key}) should be specified for the field({field.Name}) of {field.Type}");
    }

    private static Failure? Default(FieldSchema field)
    {
        if (field.Nullable && (field.IsPrimaryKey || field.IsPartitionKey))
        {
            return Failure.Invalid($"{(field.IsPrimaryKey ? "primary field" : "partition key field")} not support null, field {field.Name}");
        }

        if (field.Nullable && field.Type.IsVector())
        {
            return Failure.Invalid($"vector type not support null, field {field.Name}");
        }

        if (field.Default is not { } value)
        {
            return null;
        }

        if (field.IsPrimaryKey)
        {
            return Failure.Invalid($"primary field not support default_value, field {field.Name}");
        }

        if (field.Type.IsVector() || field.Type is DataType.Array or DataType.Json)
        {
            return Failure.Invalid($"type not support default_value, type:{field.Type}, name:{field.Name}");
        }

        var fits = field.Type switch
        {
            DataType.Bool => value.Type == DataType.Bool,
            DataType.Int8 => value.Type.IsInteger() && value.Integer is >= sbyte.MinValue and <= sbyte.MaxValue,
            DataType.Int16 => value.Type.IsInteger() && value.Integer is >= short.MinValue and <= short.MaxValue,
            DataType.Int32 => value.Type.IsInteger() && value.Integer is >= int.MinValue and <= int.MaxValue,
            DataType.Int64 => value.Type.IsInteger(),
            DataType.Float or DataType.Double => value.Type.IsFloating(),
            _ => value.Type == DataType.VarChar,
        };
        if (!fits)
        {
            return Failure.Invalid($"type ({field.Type}) of field ({field.Name}) is not equal to the type of its default value ({value.Type}), or the value is out of its range");
        }

        return field.MaxLength > 0 && System.Text.Encoding.UTF8.GetByteCount(value.Text ?? "") > field.MaxLength
            ? Failure.Invalid($"the length of the default value of field {field.Name} exceeds max length {field.MaxLength}")
            : null;
    }

    private static Failure? Whole(IReadOnlyCollection<FieldSchema> fields, Limits limits)
    {
        var keys = fields.Where(f => f.IsPrimaryKey).ToList();
        if (keys.Count == 0)
        {
            return Failure.Invalid("primary key is not specified");
        }

        if (keys.Count > 1)
        {
            return Failure.Invalid($"there are more than one primary key, field name = {keys[0].Name}, {keys[1].Name}");
        }

        if (keys[0].Type is not (DataType.Int64 or DataType.VarChar))
        {
            return Failure.Invalid("the data type of primary key should be Int64 or VarChar");
        }

        if (fields.FirstOrDefault(f => f.AutoId && !f.IsPrimaryKey) is { } automatic)
        {
            return Failure.Invalid($"only primary field can speficy AutoID with true, field name = {automatic.Name}");
        }

        var partitionKeys = fields.Where(f => f.IsPartitionKey).ToList();
        if (partitionKeys.Count > 1)
        {
            return Failure.Invalid($"there are more than one partition key, field name = {partitionKeys[0].Name}, {partitionKeys[1].Name}");
        }

        if (partitionKeys.Count == 1 && (partitionKeys[0].IsPrimaryKey || partitionKeys[0].Type is not (DataType.Int64 or DataType.VarChar)))
        {
            return Failure.Invalid($"the partition key field {partitionKeys[0].Name} must be an Int64 or VarChar field other than the primary key");
        }

        if (fields.Count(f => f.IsClusteringKey) > 1)
        {
            return Failure.Invalid("there are more than one clustering key");
        }

        var vectors = fields.Count(f => f.Type.IsVector());
        if (vectors == 0)
        {
            return Failure.Invalid("schema does not contain vector field");
        }

        return vectors > limits.VectorFieldsMax
            ? Failure.Invalid($"maximum vector field's number should be limited to {limits.VectorFieldsMax}")
            : null;
    }
}
