namespace Elanus.Roles;

/// <summary>A committed write.</summary>
/// <param name="Ids">Keys of the rows written; null for a delete.</param>
/// <param name="Inserted">Rows inserted.</param>
/// <param name="Deleted">Keys deleted.</param>
/// <param name="Timestamp">Of the record; a read that guarantees it sees the write.</param>
public sealed record WriteAnswer(ColumnBlock? Ids, long Inserted, long Deleted, Timestamp Timestamp);
