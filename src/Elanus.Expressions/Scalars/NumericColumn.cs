using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>The numbers of a fixed-width column, widened to 64 bits.</summary>
internal sealed class NumericColumn(FieldSchema field) : NumericNode
{
    public override NumberType Type { get; } = NumberTypes.Of(field.Type);

    public FieldSchema Field { get; } = field;

    public override void Evaluate(in RowSlice rows, ReadOnlySpan<ulong> wanted, Numbers into)
    {
        var column = rows.Column(Field.Id);
        into.SetKnown(rows.Validity(column));
        switch (Field.Type)
        {
            case DataType.Int8: Integers<sbyte>(rows, column, into.Lanes); break;
            case DataType.Int16: Integers<short>(rows, column, into.Lanes); break;
            case DataType.Int32: Integers<int>(rows, column, into.Lanes); break;
            case DataType.Int64: Integers<long>(rows, column, into.Lanes); break;
            case DataType.Float: Doubles<float>(rows, column, into.Doubles); break;
            default: Doubles<double>(rows, column, into.Doubles); break;
        }
    }

    public override void AddFields(ISet<FieldId> fields) => fields.Add(Field.Id);

    private static void Integers<T>(in RowSlice rows, ColumnBlock column, Span<long> into)
        where T : unmanaged, IBinaryInteger<T>
    {
        var values = column.As<T>().Slice(rows.Start, rows.Count);
        for (var i = 0; i < values.Length; i++)
        {
            into[i] = long.CreateTruncating(values[i]);
        }
    }

    private static void Doubles<T>(in RowSlice rows, ColumnBlock column, Span<double> into)
        where T : unmanaged, IFloatingPoint<T>
    {
        var values = column.As<T>().Slice(rows.Start, rows.Count);
        for (var i = 0; i < values.Length; i++)
        {
            into[i] = double.CreateTruncating(values[i]);
        }
    }
}
