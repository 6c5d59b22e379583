using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// Where the parts of an inverted index's image begin, in bytes, each 64-byte aligned: header; the terms, ascending (uint32); where each term's postings
/// begin, and where the last end (int64); the postings' rows, ascending in a term (int32); their values (float32); checksums.
/// </summary>
internal readonly record struct SparseLayout
{
    public SparseLayout(int terms, long postings)
    {
        Terms = SparseHeader.Bytes;
        Starts = Aligned(Terms + (long)terms * sizeof(uint));
        Rows = Aligned(Starts + (terms + 1L) * sizeof(long));
        Values = Aligned(Rows + postings * sizeof(int));
        Checksums = Aligned(Values + postings * sizeof(float));
        Length = Checksums + ImageChecksums.Bytes(SparseHeader.Bytes, Checksums);
    }

    public long Terms { get; }

    public long Starts { get; }

    public long Rows { get; }

    public long Values { get; }

    public long Checksums { get; }

    public long Length { get; }

    private static long Aligned(long offset) => (offset + AlignedMemory.Alignment - 1) & ~(long)(AlignedMemory.Alignment - 1);
}
