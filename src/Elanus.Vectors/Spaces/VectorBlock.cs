namespace Elanus.Vectors;

/// <summary>
/// A view of dense rows that lie one after another in memory that somebody else owns and keeps in place while it is searched.
/// </summary>
/// <param name="rows">First byte of the first row; 64-byte alignment helps but is not needed.</param>
/// <param name="count">Number of rows.</param>
/// <param name="firstRow">The number of the first row in its segment: hits and bitmaps count from the segment's start.</param>
public readonly unsafe struct VectorBlock(byte* rows, int count, int firstRow = 0)
{
    public byte* Rows { get; } = rows;

    public int Count { get; } = count;

    public int FirstRow { get; } = firstRow;
}
