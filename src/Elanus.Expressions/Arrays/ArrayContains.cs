using System.Numerics;
using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>An array that has one of, or all of, a list's elements. No elements: all are there, none is.</summary>
internal sealed class ArrayContains(FieldSchema field, ElementIndex wanted, bool all) : ArrayPredicate(field)
{
    protected override int MarkWords => ElementMarks.WordsFor(wanted.Count);

    protected override Outcome Test(in ArrayReader reader, int row, ref ElementMarks marks)
    {
        var target = all ? wanted.Count : 1;
        var rest = reader.Row(row);
        if (target == 1 && Field.ElementType.IsInteger())
        {
            return Outcomes.Of(Field.ElementType switch
            {
                DataType.Int8 => Any<sbyte>(rest),
                DataType.Int16 => Any<short>(rest),
                DataType.Int32 => Any<int>(rest),
                _ => Any<long>(rest),
            });
        }

        marks.Clear();
        while (marks.Count < target && !rest.IsEmpty)
        {
            marks.Add(TakeFirst(ref rest));
        }

        return Outcomes.Of(marks.Count >= target);
    }

    /// <summary>Whether one of the elements is wanted; the common case, without marks.</summary>
    private bool Any<T>(ReadOnlySpan<byte> row)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (var element in MemoryMarshal.Cast<byte, T>(row))
        {
            if (wanted.Has(long.CreateTruncating(element)))
            {
                return true;
            }
        }

        return false;
    }

    private int TakeFirst(ref ReadOnlySpan<byte> rest)
    {
        var type = Field.ElementType;
        if (type.IsText())
        {
            ArrayReader.TryText(ref rest, out var text);
            return wanted.Find(text);
        }

        var element = rest;
        rest = rest[type.Width()..];
        return type switch
        {
            DataType.Bool => wanted.Find(ArrayReader.Integer(element, type) != 0),
            DataType.Float or DataType.Double => wanted.Find(ArrayReader.Floating(element, type)),
            _ => wanted.Find(ArrayReader.Integer(element, type)),
        };
    }
}
