namespace Elanus.Milvus.Wire;

/// <summary>The shapes of scalar values; the numbers are those of ScalarField's members.</summary>
public enum RawScalarKind
{
    None = 0,
    Bool = 1,
    Int = 2,
    Long = 3,
    Float = 4,
    Double = 5,
    Text = 6,
    Bytes = 7,
    Array = 8,
    Json = 9,
    Geometry = 10,
    Timestamptz = 11,
    GeometryText = 12,
}
