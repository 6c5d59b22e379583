namespace Elanus.Primitives;

/// <summary>The type of a field's values; the numbers are the protocol's.</summary>
public enum DataType
{
    None = 0,
    Bool = 1,
    Int8 = 2,
    Int16 = 3,
    Int32 = 4,
    Int64 = 5,
    Float = 10,
    Double = 11,
    String = 20,
    VarChar = 21,
    Array = 22,
    Json = 23,
    Geometry = 24,
    Text = 25,
    Timestamptz = 26,
    BinaryVector = 100,
    FloatVector = 101,
    Float16Vector = 102,
    BFloat16Vector = 103,
    SparseFloatVector = 104,
    Int8Vector = 105,
    ArrayOfVector = 106,
    ArrayOfStruct = 200,
    Struct = 201,
}

/// <summary>What follows from a type alone.</summary>
public static class DataTypes
{
    public static bool IsVector(this DataType type) => type is >= DataType.BinaryVector and <= DataType.Int8Vector;

    public static bool IsDenseVector(this DataType type) => type.IsVector() && type != DataType.SparseFloatVector;

    public static bool IsInteger(this DataType type) => type is DataType.Int8 or DataType.Int16 or DataType.Int32 or DataType.Int64;

    public static bool IsFloating(this DataType type) => type is DataType.Float or DataType.Double;

    public static bool IsNumeric(this DataType type) => type.IsInteger() || type.IsFloating();

    public static bool IsText(this DataType type) => type is DataType.VarChar or DataType.String or DataType.Text;

    /// <summary>Values of varying size are stored as offsets and bytes; the rest at a fixed width.</summary>
    public static bool IsVariable(this DataType type) =>
        type.IsText() || type is DataType.Json or DataType.Array or DataType.SparseFloatVector or DataType.Geometry;

    /// <summary>Bytes of one value of a fixed-width type; <paramref name="dimension"/> counts elements (bits for a binary vector).</summary>
    public static int Width(this DataType type, int dimension = 0) => type switch
    {
        DataType.Bool or DataType.Int8 => 1,
        DataType.Int16 => 2,
        DataType.Int32 or DataType.Float => 4,
        DataType.Int64 or DataType.Double or DataType.Timestamptz => 8,
        DataType.BinaryVector => dimension / 8,
        DataType.FloatVector => dimension * 4,
        DataType.Float16Vector or DataType.BFloat16Vector => dimension * 2,
        DataType.Int8Vector => dimension,
        _ => throw new InvariantBrokenException($"{type} has no fixed width"),
    };
}
