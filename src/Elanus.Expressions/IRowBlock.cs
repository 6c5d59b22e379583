using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>Rows that a filter runs over: a sealed segment, a chunk of a growing one, a batch. Read by one evaluation at a time.</summary>
public interface IRowBlock
{
    int Rows { get; }

    /// <summary>
    /// The values of one of the plan's <see cref="FilterPlan.Fields"/>, <see cref="Rows"/> of them. A field that was added after the rows were
    /// written has a column of its default, or of nulls; null here breaks an invariant.
    /// </summary>
    ColumnBlock? Column(FieldId field);
}
