namespace Elanus.Engine;

/// <summary>One row of a view: its segment's place in the view, and its number there. Means nothing to another view.</summary>
public readonly record struct RowReference(int Segment, int Row);
