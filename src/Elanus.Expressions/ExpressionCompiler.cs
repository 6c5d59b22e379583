using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Expressions;

/// <summary>Turns the text of a Milvus 2.6 filter expression into a plan.</summary>
public static class ExpressionCompiler
{
    /// <summary>
    /// Parses the text, binds its fields to the schema and its <c>{name}</c> templates to their values, checks types and folds constants.
    /// An empty text matches every row. A wrong expression is an InvalidParameter whose sentence names the 1-based column (in UTF-16
    /// units) and the field or token; what Milvus knows and this project does not yet is Unimplemented. Nothing throws.
    /// </summary>
    public static Result<FilterPlan> Compile(string text, CollectionSchema schema, IReadOnlyDictionary<string, Literal>? templates = null)
    {
        if (text.Length > ExpressionLimits.TextLengthMax)
        {
            return Failure.Invalid($"cannot parse expression: it has {text.Length} characters, more than {ExpressionLimits.TextLengthMax}, error: too long at column {ExpressionLimits.TextLengthMax + 1}");
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return new FilterPlan(ConstantPredicate.Always, 0);
        }

        var faults = new Faults(text);
        var tree = Parser.Parse(text, faults);
        var plan = tree is null ? null : new Binder(schema, templates ?? ImmutableDictionary<string, Literal>.Empty, faults).Bind(tree);
        return plan is null ? faults.First! : plan;
    }
}
