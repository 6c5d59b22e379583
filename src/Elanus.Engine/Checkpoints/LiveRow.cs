using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>One row of a capture that was not deleted.</summary>
/// <param name="Collection">Its collection.</param>
/// <param name="Schema">That collection's schema.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Inserted">When it was inserted.</param>
/// <param name="Columns">One column for each field of the schema, in order.</param>
/// <param name="Row">The row's number in the columns.</param>
public sealed record LiveRow(CollectionId Collection, CollectionSchema Schema, PartitionId Partition, Timestamp Inserted, IReadOnlyList<ColumnBlock> Columns, int Row);
