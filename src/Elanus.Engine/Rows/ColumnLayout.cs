using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>How one field's values lie in a segment. <see cref="Width"/> is bytes a value, 0 for variable types.</summary>
internal readonly record struct ColumnLayout(FieldId Field, DataType Type, DataType ElementType, int Dimension)
{
    public int Width => Type.IsVariable() ? 0 : Type.Width(Dimension);

    public static ColumnLayout Of(FieldSchema field) => new(field.Id, field.Type, field.ElementType, field.Type.IsDenseVector() ? field.Dimension : 0);

    public bool Fits(ColumnBlock column) => column.Type == Type && column.ElementType == ElementType && column.Dimension == Dimension;
}
