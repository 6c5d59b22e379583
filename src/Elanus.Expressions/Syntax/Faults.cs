using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>Takes the first fault of an expression; whoever reports one gives up by answering null.</summary>
internal sealed class Faults(string expression)
{
    public Failure? First { get; private set; }

    /// <summary>Something is wrong with the expression at a position (0-based here, 1-based in the sentence).</summary>
    public void Invalid(int position, string what) =>
        First ??= Failure.Invalid($"cannot parse expression: {Quoted}, error: {what}{At(position)}");

    /// <summary>The whole is no condition.</summary>
    public void NotBoolean(int position, string type) =>
        First ??= Failure.Invalid($"predicate is not a boolean expression: {Quoted}, data type: {type}{At(position)}");

    /// <summary>Milvus knows it, this project does not yet.</summary>
    public void Unimplemented(int position, string what) =>
        First ??= Failure.Unimplemented($"{what} in a filter is not supported yet: {Quoted}{At(position)}");

    private static string At(int position) => $" at column {position + 1}";

    private string Quoted => expression.Length > ExpressionLimits.QuotedTextMax
        ? string.Concat(expression.AsSpan(0, ExpressionLimits.QuotedTextMax), "...")
        : expression;
}
