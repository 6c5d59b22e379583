using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// Where the parts of a graph's image begin, in bytes; each is 64-byte aligned, so that a mapped file is used as it lies. In order: header; codes
/// (rows x code bytes) and the centre they are taken from (floats); links of the lowest layer (rows x stride of int32, -1 ends a list); the first
/// upper list of each row (int32, -1 for none); upper lists; the next row with the same vector (int32, -1 for none); checksums
/// (<see cref="ImageChecksums"/>).
/// </summary>
internal readonly record struct HnswLayout
{
    private const int LinksALine = CacheLines.Bytes / sizeof(int);

    public HnswLayout(VectorSpace space, int rows, int m, int upperLists, bool hasCodes)
    {
        CodeBytes = hasCodes ? RowCodes.BytesFor(space.Dimension) : 0;
        BaseStride = RoundUp(2 * m, LinksALine);
        UpperStride = RoundUp(m, LinksALine);
        Codes = HnswHeader.Bytes;
        Centre = Aligned(Codes + (long)rows * CodeBytes);
        BaseLinks = Aligned(Centre + (hasCodes ? (long)space.Dimension * sizeof(float) : 0));
        UpperFirst = Aligned(BaseLinks + (long)rows * BaseStride * sizeof(int));
        UpperLinks = Aligned(UpperFirst + (long)rows * sizeof(int));
        Twins = Aligned(UpperLinks + (long)upperLists * UpperStride * sizeof(int));
        Checksums = Aligned(Twins + (long)rows * sizeof(int));
        Length = Checksums + ImageChecksums.Bytes(HnswHeader.Bytes, Checksums);
    }

    /// <summary>Bytes of one row's code, 0 without codes.</summary>
    public int CodeBytes { get; }

    /// <summary>Places of a list on the lowest layer.</summary>
    public int BaseStride { get; }

    /// <summary>Places of a list on the other layers.</summary>
    public int UpperStride { get; }

    public long Codes { get; }

    public long Centre { get; }

    public long BaseLinks { get; }

    public long UpperFirst { get; }

    public long UpperLinks { get; }

    public long Twins { get; }

    public long Checksums { get; }

    public long Length { get; }

    private static int RoundUp(int value, int step) => (value + step - 1) / step * step;

    private static long Aligned(long offset) => (offset + AlignedMemory.Alignment - 1) & ~(long)(AlignedMemory.Alignment - 1);
}
