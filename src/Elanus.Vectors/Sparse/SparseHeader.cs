using System.Runtime.InteropServices;

namespace Elanus.Vectors;

/// <summary>The first 64 bytes of an inverted index's image. Little endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = Bytes)]
internal struct SparseHeader
{
    public const int Bytes = 64;

    /// <summary>"ELANSPRS" read as a little-endian number.</summary>
    public const ulong MagicNumber = 0x53525053_4e414c45;

    public const int FormatNumber = 1;

    public ulong Magic;
    public int Format;
    public int Rows;

    /// <summary>Distinct indices.</summary>
    public int Terms;

    public int Reserved;

    /// <summary>Pairs of all rows.</summary>
    public long Postings;

    /// <summary>Bytes of the whole image.</summary>
    public long Length;
}
