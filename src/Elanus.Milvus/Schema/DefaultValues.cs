using Elanus.Milvus.Protocol.Schema;
using Kind = Elanus.Milvus.Protocol.Schema.ValueField.DataOneofCase;

namespace Elanus.Milvus;

/// <summary>Default values of fields, in both directions.</summary>
public static class DefaultValues
{
    /// <summary>The default that a field carries, or null where it has none.</summary>
    public static Result<FieldValue?> Read(Protocol.Schema.FieldSchema field) => field.DefaultValue switch
    {
        null or { DataCase: Kind.None } => Result<FieldValue?>.Ok(null),
        { DataCase: Kind.BoolData } v => FieldValue.Of(v.BoolData),
        { DataCase: Kind.IntData } v => new FieldValue { Type = Primitives.DataType.Int32, Integer = v.IntData },
        { DataCase: Kind.LongData } v => FieldValue.Of(v.LongData),
        { DataCase: Kind.FloatData } v => new FieldValue { Type = Primitives.DataType.Float, Floating = v.FloatData },
        { DataCase: Kind.DoubleData } v => FieldValue.Of(v.DoubleData),
        { DataCase: Kind.StringData } v => FieldValue.Of(v.StringData),
        { DataCase: Kind.TimestamptzData } v => new FieldValue { Type = Primitives.DataType.Timestamptz, Integer = v.TimestamptzData },
        { DataCase: var kind } => Failure.Invalid($"type not support default_value, type:{field.DataType}, name:{field.Name} (the value is {kind})"),
    };

    /// <summary>A default as the wire carries it for a field of this type.</summary>
    public static ValueField Write(Primitives.DataType type, FieldValue value) => type switch
    {
        Primitives.DataType.Bool => new() { BoolData = value.Integer != 0 },
        Primitives.DataType.Int8 or Primitives.DataType.Int16 or Primitives.DataType.Int32 => new() { IntData = (int)value.Integer },
        Primitives.DataType.Int64 => new() { LongData = value.Integer },
        Primitives.DataType.Timestamptz => new() { TimestamptzData = value.Integer },
        Primitives.DataType.Float => new() { FloatData = (float)value.Floating },
        Primitives.DataType.Double => new() { DoubleData = value.Floating },
        _ => new() { StringData = value.Text ?? "" },
    };
}
