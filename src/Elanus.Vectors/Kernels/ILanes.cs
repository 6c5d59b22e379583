using System.Runtime.Intrinsics;

namespace Elanus.Vectors;

/// <summary>
/// Sixteen float lanes, however the machine holds them. The kernels are written once over this; that is what makes their scores agree
/// bit for bit (README.md). Multiply-add rounds once everywhere.
/// </summary>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Lanes held at once by every implementation.</summary>
    public const int Count = 16;

    static abstract TSelf Zero { get; }

    static abstract TSelf Load(float* from);

    /// <summary>The first lanes from memory, the others zero; reads no byte past the count.</summary>
    static abstract TSelf LoadPart(float* from, int count);

    /// <summary>Sixteen IEEE half-precision numbers, all finite, widened exactly.</summary>
    static abstract TSelf LoadHalf(ushort* from);

    /// <summary>Fewer of them, the other lanes zero; reads no byte past the count.</summary>
    static abstract TSelf LoadHalfPart(ushort* from, int count);

    /// <summary>Sixteen bfloat16 numbers, widened exactly.</summary>
    static abstract TSelf LoadBFloat(ushort* from);

    /// <summary>Fewer of them, the other lanes zero; reads no byte past the count.</summary>
    static abstract TSelf LoadBFloatPart(ushort* from, int count);

    static abstract TSelf Subtract(TSelf left, TSelf right);

    /// <summary>left * right + sum, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf sum);

    /// <summary>
    /// Four sums, each of one argument's lanes added in the canonical tree: i + (i + 8), then + 4, + 2, + 1; never a negative zero.
    /// </summary>
    static abstract Vector128<float> Sums(TSelf a, TSelf b, TSelf c, TSelf d);
}
