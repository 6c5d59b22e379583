using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Hits in groups of one scalar field's value; null is a value of its own.</summary>
/// <param name="Field">A scalar field that is no JSON, array or vector.</param>
/// <param name="Size">Most hits a group.</param>
/// <param name="Strict">Search on until every group is full or there is no more; otherwise groups hold what was met on the way to enough groups.</param>
public sealed record GroupBy(FieldId Field, int Size = 1, bool Strict = false);
