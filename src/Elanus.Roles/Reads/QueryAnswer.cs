namespace Elanus.Roles;

/// <summary>Rows of a query, in ascending order of primary key.</summary>
/// <param name="Collection">The collection that was read.</param>
/// <param name="Rows">The output fields; for a count one Int64 column of the field named <c>count(*)</c>.</param>
/// <param name="Fields">The schema of each column of <paramref name="Rows"/>, in their order.</param>
/// <param name="OutputNames">The names the client asked for, expanded.</param>
/// <param name="Session">What a later read must guarantee to see at least this state.</param>
public sealed record QueryAnswer(
    CollectionInfo Collection,
    RowBatch Rows,
    IReadOnlyList<FieldSchema> Fields,
    IReadOnlyList<string> OutputNames,
    Timestamp Session);
