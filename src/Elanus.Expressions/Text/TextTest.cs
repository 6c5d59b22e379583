using System.Text;

namespace Elanus.Expressions;

/// <summary>A condition on one text, given as UTF-8.</summary>
internal abstract class TextTest
{
    public abstract bool Holds(ReadOnlySpan<byte> text);

    /// <summary>The texts that pass, where they can be listed; null otherwise.</summary>
    public virtual IEnumerable<string>? Listed => null;
}

/// <summary>Compares with a constant in the order of UTF-8 bytes, which is that of code points.</summary>
internal sealed class TextCompare(CompareOperator @operator, string constant) : TextTest
{
    private readonly byte[] constant = Encoding.UTF8.GetBytes(constant);

    public override bool Holds(ReadOnlySpan<byte> text) => @operator switch
    {
        CompareOperator.Equal => text.SequenceEqual(constant),
        CompareOperator.NotEqual => !text.SequenceEqual(constant),
        _ => @operator.Holds(text.SequenceCompareTo(constant)),
    };

    public override IEnumerable<string>? Listed => @operator == CompareOperator.Equal ? [Encoding.UTF8.GetString(constant)] : null;
}

/// <summary>Is one of a set.</summary>
internal sealed class TextIn(TextSet set) : TextTest
{
    public override bool Holds(ReadOnlySpan<byte> text) => set.Contains(text);

    public override IEnumerable<string>? Listed => set.Values;
}

/// <summary>Matches a pattern.</summary>
internal sealed class TextLike(LikePattern pattern) : TextTest
{
    public override bool Holds(ReadOnlySpan<byte> text) => pattern.Matches(text);
}

/// <summary>Begins with a constant.</summary>
internal sealed class TextPrefix(string constant) : TextTest
{
    private readonly byte[] constant = Encoding.UTF8.GetBytes(constant);

    public override bool Holds(ReadOnlySpan<byte> text) => text.StartsWith(constant);
}
