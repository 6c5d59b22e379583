using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Elanus.Primitives;

/// <summary>Checks that stay on in production: a broken one is a bug, and going on would make it worse.</summary>
public static class Invariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Holds([DoesNotReturnIf(false)] bool condition, string what)
    {
        if (!condition)
        {
            throw new InvariantBrokenException(what);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Holds([DoesNotReturnIf(false)] bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] UnlessHolds what)
    {
        if (!condition)
        {
            throw new InvariantBrokenException(what.Text());
        }
    }
}

/// <summary>Thrown where an invariant does not hold; never caught to go on.</summary>
public sealed class InvariantBrokenException(string what) : Exception($"invariant broken: {what}");
