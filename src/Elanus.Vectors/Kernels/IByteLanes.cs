using System.Runtime.Intrinsics;

namespace Elanus.Vectors;

/// <summary>Thirty-two signed bytes widened to 16 bits, and sums of their products in 32 bits. Integer sums are exact in any order.</summary>
internal unsafe interface IByteLanes<TSelf, TSum>
    where TSelf : struct, IByteLanes<TSelf, TSum>
    where TSum : struct
{
    static abstract TSelf Load(sbyte* from);

    /// <summary>The first bytes from memory, the others zero; reads no byte past the count.</summary>
    static abstract TSelf LoadPart(sbyte* from, int count);

    static abstract TSelf Subtract(TSelf left, TSelf right);

    /// <summary>The products of the lanes, added to a sum.</summary>
    static abstract TSum MultiplyAdd(TSelf left, TSelf right, TSum sum);

    /// <summary>Four sums, each over the lanes of one argument.</summary>
    static abstract Vector128<int> Totals(TSum a, TSum b, TSum c, TSum d);
}

/// <summary>Constants of byte lanes.</summary>
internal static class ByteLanes
{
    /// <summary>Elements taken at once by every implementation.</summary>
    public const int Count = 32;
}
