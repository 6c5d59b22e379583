using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Deletes by primary key: every row of each key that stands before the record dies.</summary>
/// <param name="Keys">The keys, in a column of the primary key's type without nulls. Keys without a row are passed over.</param>
/// <param name="Partitions">Only rows in these partitions; empty for all.</param>
public sealed record KeyDelete(ColumnBlock Keys, ImmutableArray<PartitionId> Partitions);
