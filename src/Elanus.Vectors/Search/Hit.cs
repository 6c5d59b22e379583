namespace Elanus.Vectors;

/// <summary>One row that a search found, with its score in the metric's convention.</summary>
public readonly record struct Hit(int Row, float Score);
