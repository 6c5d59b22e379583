using System.Runtime.CompilerServices;

namespace Elanus.Primitives;

/// <summary>An interpolated sentence that is put together only where a condition does not hold: checks that stay on must cost nothing where they hold.</summary>
[InterpolatedStringHandler]
public ref struct UnlessHolds
{
    private DefaultInterpolatedStringHandler text;

    /// <summary>Called by the compiler; <paramref name="isNeeded"/> says whether the parts are evaluated.</summary>
    public UnlessHolds(int literalLength, int formattedCount, bool condition, out bool isNeeded)
    {
        isNeeded = !condition;
        text = isNeeded ? new(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string value) => text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => text.AppendFormatted(value, format);

    /// <summary>The sentence; empty where the condition held.</summary>
    public string Text() => text.ToStringAndClear();
}
