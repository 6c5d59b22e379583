using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>One column of a segment, as a checkpoint describes it.</summary>
internal sealed record CapturedColumn(FieldId Field, DataType Type, DataType ElementType, int Dimension);
