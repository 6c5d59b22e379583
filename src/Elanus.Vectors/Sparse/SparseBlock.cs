namespace Elanus.Vectors;

/// <summary>
/// A view of sparse rows in memory that somebody else owns and keeps in place while it is searched. A row is (uint32 index, float32 value) pairs in
/// strictly ascending order of index, little endian.
/// </summary>
/// <param name="values">The rows' bytes.</param>
/// <param name="offsets">Where each row begins in the values, and where the last ends: count + 1 byte offsets.</param>
/// <param name="count">Number of rows.</param>
/// <param name="firstRow">The number of the first row in its segment.</param>
public readonly unsafe struct SparseBlock(byte* values, uint* offsets, int count, int firstRow = 0)
{
    public byte* Values { get; } = values;

    public uint* Offsets { get; } = offsets;

    public int Count { get; } = count;

    public int FirstRow { get; } = firstRow;

    internal ReadOnlySpan<byte> Row(int row) => new(Values + Offsets[row], (int)(Offsets[row + 1] - Offsets[row]));
}
