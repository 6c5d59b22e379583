namespace Elanus.Server;

/// <summary>A file of records that a node kept before it cut them from its log.</summary>
/// <param name="Name">Within the data directory; the source of its rows.</param>
/// <param name="Records">That were whole.</param>
/// <param name="Rows">Inserted by them.</param>
public sealed record SalvagedTail(string Name, long Records, long Rows);
