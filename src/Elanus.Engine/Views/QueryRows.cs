using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>What a query found, in ascending order of primary key, each key once with its newest row.</summary>
/// <param name="Count">Rows found; where only counting was asked for, all live rows that match, and the rest is empty.</param>
/// <param name="Rows">Where the rows are in the view.</param>
/// <param name="Keys">Their primary keys.</param>
/// <param name="Fields">Their output fields.</param>
public sealed record QueryRows(long Count, IReadOnlyList<RowReference> Rows, ColumnBlock Keys, RowBatch Fields);
