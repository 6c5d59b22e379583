using System.Runtime.InteropServices;

namespace Elanus.Vectors;

/// <summary>The first 256 bytes of a graph's image, in memory and in files alike. Little endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = Bytes)]
internal struct HnswHeader
{
    public const int Bytes = 256;

    /// <summary>"ELANHNSW" read as a little-endian number.</summary>
    public const ulong MagicNumber = 0x57534e484e414c45;

    public const int FormatNumber = 1;

    public ulong Magic;
    public int Format;
    public int Type;
    public int Dimension;
    public int Metric;
    public int Rows;
    public int M;
    public int EfConstruction;

    /// <summary>Row that every search starts from; -1 in an empty graph.</summary>
    public int Entry;

    public ulong Seed;

    /// <summary>The highest layer; the lowest is 0.</summary>
    public int MaxLevel;

    /// <summary>Lists of links above the lowest layer.</summary>
    public int UpperLists;

    /// <summary>Whether rows are walked by 8-bit codes (<see cref="RowCodes"/>): 1, or by their own values: 0.</summary>
    public int HasCodes;

    /// <summary>For codes: how much one step is worth.</summary>
    public float CodeScale;

    /// <summary>Bytes of the whole image.</summary>
    public long Length;
}
