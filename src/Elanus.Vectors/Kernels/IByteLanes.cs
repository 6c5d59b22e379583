namespace Elanus.Vectors;

/// <summary>Thirty-two signed bytes widened to 16 bits, and sums of their products in 32 bits. Integer sums are exact in any order.</summary>
internal unsafe interface IByteLanes<TSelf, TSum>
    where TSelf : struct, IByteLanes<TSelf, TSum>
    where TSum : struct
{
    static abstract TSelf Load(sbyte* from);

    static abstract TSelf Subtract(TSelf left, TSelf right);

    /// <summary>The products of the lanes, added to a sum.</summary>
    static abstract TSum MultiplyAdd(TSelf left, TSelf right, TSum sum);

    static abstract int Total(TSum sum);
}

/// <summary>Constants of byte lanes.</summary>
internal static class ByteLanes
{
    /// <summary>Elements taken at once by every implementation.</summary>
    public const int Count = 32;
}
