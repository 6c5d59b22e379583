using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A column file that is needed no more, and the segment whose rows it holds.</summary>
public sealed record DroppedFile(SegmentId Segment, string Name);
