using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Elanus.Vectors;

/// <summary>The one way a cosine is put together from sums, so that every kernel rounds alike.</summary>
internal static class Cosine
{
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>One over the root of a squared length; 0 where that is zero, too small or too large to be a normal number.</summary>
    public static float InverseLength(float squaredLength) => InverseLengths(Vector128.CreateScalar(squaredLength)).ToScalar();

    /// <summary>Zero minus the cosine, within [-1, 1], of one vector (by its inverse length) and four others (by their squared lengths).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Keys(Vector128<float> products, float inverseLength, Vector128<float> squaredLengths)
    {
        var similarities = products * Vector128.Create(inverseLength) * InverseLengths(squaredLengths);

        // A product that overflowed beside a length of zero is not a number; rounding may leave a vector and itself a step above one.
        similarities &= Vector128.Equals(similarities, similarities);
        similarities = Vector128.ConditionalSelect(Vector128.GreaterThan(similarities, Vector128<float>.One), Vector128<float>.One, similarities);
        similarities = Vector128.ConditionalSelect(Vector128.LessThan(similarities, -Vector128<float>.One), -Vector128<float>.One, similarities);
        return Vector128<float>.Zero - similarities;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InverseLengths(Vector128<float> squaredLengths)
    {
        var usable = Vector128.GreaterThanOrEqual(squaredLengths, Vector128.Create(SmallestNormal))
            & Vector128.LessThanOrEqual(squaredLengths, Vector128.Create(float.MaxValue));
        return Vector128<float>.One / Vector128.Sqrt(squaredLengths) & usable;
    }
}
