using System.Collections.Immutable;
using System.Text;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>A whole array against a list: equal in length, order and every element, or not.</summary>
internal sealed class ArrayCompare(FieldSchema field, bool equal, ImmutableArray<Literal> list) : ArrayPredicate(field)
{
    private readonly ImmutableArray<byte[]> texts = field.ElementType.IsText() ? [.. list.Select(e => Encoding.UTF8.GetBytes(e.Text))] : [];

    protected override Outcome Test(in ArrayReader reader, int row, ref ElementMarks marks) =>
        Outcomes.Of(IsSame(reader, row) == equal);

    private bool IsSame(in ArrayReader reader, int row)
    {
        var type = Field.ElementType;
        var rest = reader.Row(row);
        if (type.IsText())
        {
            foreach (var expected in texts)
            {
                if (!ArrayReader.TryText(ref rest, out var text) || !text.SequenceEqual(expected))
                {
                    return false;
                }
            }

            return rest.IsEmpty;
        }

        var width = type.Width();
        if (rest.Length != (long)list.Length * width)
        {
            return false;
        }

        for (var i = 0; i < list.Length; i++)
        {
            var element = rest.Slice(i * width, width);
            var same = type switch
            {
                DataType.Bool => ArrayReader.Integer(element, type) != 0 == list[i].Bool,
                DataType.Float => ArrayReader.Floating(element, type) == (float)list[i].Floating,
                DataType.Double => NumberOrder.Holds(CompareOperator.Equal, Literal.Of(ArrayReader.Floating(element, type)), list[i]),
                _ => NumberOrder.Holds(CompareOperator.Equal, Literal.Of(ArrayReader.Integer(element, type)), list[i]),
            };
            if (!same)
            {
                return false;
            }
        }

        return true;
    }
}
