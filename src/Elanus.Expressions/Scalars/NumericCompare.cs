using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>Two numbers against each other: integers as integers, doubles as doubles, one of each exactly.</summary>
internal sealed class NumericCompare : Predicate
{
    private readonly NumericNode left;
    private readonly CompareOperator @operator;
    private readonly NumericNode right;

    public NumericCompare(NumericNode left, CompareOperator @operator, NumericNode right)
    {
        this.left = right.Type == NumberType.Single ? ArithmeticNode.InSinglePrecision(left) : left;
        this.@operator = @operator;
        this.right = left.Type == NumberType.Single ? ArithmeticNode.InSinglePrecision(right) : right;
    }

    public override int Cost => left.Cost + right.Cost;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Truth into)
    {
        using var leftScratch = new NumberScratch(rows);
        using var rightScratch = new NumberScratch(rows);
        var a = leftScratch.Numbers;
        var b = rightScratch.Numbers;
        left.Evaluate(rows, wanted, a);
        right.Evaluate(rows, wanted, b);
        if (left.Type == NumberType.Integer && right.Type == NumberType.Integer)
        {
            CompareKernels.Pairs<long>(@operator, a.Lanes, b.Lanes, into.True);
        }
        else if (IsDouble(left.Type) && IsDouble(right.Type))
        {
            CompareKernels.Pairs<double>(@operator, a.Doubles, b.Doubles, into.True);
        }
        else
        {
            Exactly(a, b, into.True);
        }

        for (var word = 0; word < rows.Words; word++)
        {
            into.Set(word, into.True[word], a.Known[word] & b.Known[word]);
        }
    }

    public override void AddFields(ISet<FieldId> fields)
    {
        left.AddFields(fields);
        right.AddFields(fields);
    }

    private static bool IsDouble(NumberType type) => type is NumberType.Single or NumberType.Double;

    private void Exactly(Numbers a, Numbers b, Span<ulong> into)
    {
        into.Clear();
        for (var row = 0; row < a.Lanes.Length; row++)
        {
            var aIsInteger = left.Type == NumberType.Integer || (left.Type == NumberType.Mixed && a.IsInteger(row));
            var bIsInteger = right.Type == NumberType.Integer || (right.Type == NumberType.Mixed && b.IsInteger(row));
            var holds = (aIsInteger, bIsInteger) switch
            {
                (true, true) => @operator.Holds(a.Lanes[row].CompareTo(b.Lanes[row])),
                (true, false) => NumberOrder.Holds(@operator, a.Lanes[row], b.Doubles[row]),
                (false, true) => NumberOrder.Holds(@operator.Exchanged(), b.Lanes[row], a.Doubles[row]),
                _ => NumberOrder.Holds(@operator, a.Doubles[row], b.Doubles[row]),
            };
            into[row >> 6] |= holds ? 1UL << row : 0;
        }
    }
}
