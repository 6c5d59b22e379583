namespace Elanus.Vectors;

/// <summary>
/// A query made ready for the kernels: its values widened to floats (or its bytes, for integer and binary vectors), zero-padded to a whole
/// number of 64 bytes.
/// </summary>
internal readonly unsafe struct Probe(byte* values, int dimension, int rowBytes, float inverseLength)
{
    public readonly byte* Values = values;

    /// <summary>Elements, not counting the padding.</summary>
    public readonly int Dimension = dimension;

    /// <summary>Distance between two rows in bytes.</summary>
    public readonly nint RowBytes = rowBytes;

    /// <summary>For COSINE: one over the query's length, or 0 where it has none.</summary>
    public readonly float InverseLength = inverseLength;
}
