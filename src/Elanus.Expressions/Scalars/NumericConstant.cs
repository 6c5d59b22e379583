using Elanus.Primitives;

namespace Elanus.Expressions;

internal sealed class NumericConstant(Literal value) : NumericNode
{
    public override NumberType Type => value.Kind == LiteralKind.Integer ? NumberType.Integer : NumberType.Double;

    public Literal Value => value;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Numbers into)
    {
        into.Lanes.Fill(value.Kind == LiteralKind.Integer ? value.Integer : BitConverter.DoubleToInt64Bits(value.Floating));
        into.Known.Fill(ulong.MaxValue);
    }

    public override void AddFields(ISet<FieldId> fields)
    {
    }
}
