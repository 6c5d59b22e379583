namespace Elanus.Engine;

/// <summary>Where one column of a sealed segment lies. Offsets are there for variable types alone, validity only where a row has no value.</summary>
internal readonly record struct PackedColumn(RowMemory Values, RowMemory Offsets, RowMemory Validity);
