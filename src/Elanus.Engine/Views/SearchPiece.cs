namespace Elanus.Engine;

/// <summary>Some consecutive rows of one segment's part of a search: what one worker scans.</summary>
internal sealed record SearchPiece(SegmentSearch Search, VectorRows Rows);
