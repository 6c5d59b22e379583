using System.Runtime.CompilerServices;

namespace Elanus.Vectors;

/// <summary>The one way a cosine is put together from sums, so that every kernel rounds alike.</summary>
internal static class Cosine
{
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>One over the root of a squared length; 0 where that is zero, too small or too large to be a normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float InverseLength(float squaredLength) =>
        squaredLength >= SmallestNormal && squaredLength <= float.MaxValue ? 1f / MathF.Sqrt(squaredLength) : 0f;

    /// <summary>Zero minus the cosine, within [-1, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Key(float product, float inverseLength, float otherInverseLength)
    {
        var similarity = product * inverseLength * otherInverseLength;

        // Rounding may leave a vector and itself a step above one; a product that overflowed beside a length of zero is not a number.
        return similarity >= 1f ? -1f : similarity <= -1f ? 1f : float.IsNaN(similarity) ? 0f : 0f - similarity;
    }
}
