using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>The rows of a batch as a filter reads them. The batch holds a column for every field of the plan.</summary>
public sealed class BatchRows(RowBatch batch) : IRowBlock
{
    public int Rows => batch.Rows;

    public ColumnBlock? Column(FieldId field) => batch.Find(field);
}
