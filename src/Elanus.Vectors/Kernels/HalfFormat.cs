namespace Elanus.Vectors;

/// <summary>Constants of the half-precision format.</summary>
internal static class HalfFormat
{
    /// <summary>2^112, the difference of the two formats' exponent biases.</summary>
    public const float Rebias = 5.192296858534828e33f;
}
