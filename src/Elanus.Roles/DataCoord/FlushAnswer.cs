namespace Elanus.Roles;

/// <summary>What a flush did.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="Sealed">Segments that this flush sealed.</param>
/// <param name="Flushed">Segments that were sealed before.</param>
/// <param name="Timestamp">Every row stamped up to here is in a sealed segment.</param>
public sealed record FlushAnswer(CollectionInfo Collection, IReadOnlyList<SegmentId> Sealed, IReadOnlyList<SegmentId> Flushed, Timestamp Timestamp);
