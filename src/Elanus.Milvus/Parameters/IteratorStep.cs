using System.Globalization;

namespace Elanus.Milvus;

/// <summary>One step of a search iterator (version 2), as its client asks for it.</summary>
/// <param name="Token">Names the iteration; empty on its first step.</param>
/// <param name="BatchSize">Rows of this step.</param>
/// <param name="LastBound">The score that the step before ended with; null on the first step.</param>
public sealed record IteratorStep(string Token, int BatchSize, float? LastBound)
{
    /// <summary>Null where the search is no such step.</summary>
    internal static Result<IteratorStep?> Read(ParameterList list, bool isIterator, Grouping grouping, long offset, long resultsMax)
    {
        if (list.Truth(ParameterNames.IteratorV2) != true)
        {
            return Result<IteratorStep?>.Ok(null);
        }

        if (!isIterator)
        {
            return Broken($"both {ParameterNames.Iterator} and {ParameterNames.IteratorV2} must be set in the SDK");
        }

        if (grouping.Field.Length > 0)
        {
            return Failure.Invalid("GroupBy is not permitted when using a search iterator");
        }

        if (offset > 0)
        {
            return Failure.Invalid("Setting an offset is not permitted when using a search iterator v2");
        }

        if (list.Text(ParameterNames.IteratorBatchSize).Length == 0)
        {
            return Broken("batch size is required");
        }

        if (!list.Whole(ParameterNames.IteratorBatchSize).TryGet(out var size, out var failure))
        {
            return Broken($"batch size is invalid, {failure.Sentence}");
        }

        if (size is <= 0 || size > resultsMax)
        {
            return Broken($"batch size is invalid, it should be in range [1, {resultsMax}], but got {size}");
        }

        float? lastBound = null;
        if (list.Text(ParameterNames.IteratorLastBound) is { Length: > 0 } text)
        {
            if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) || float.IsNaN(bound))
            {
                return Broken($"failed to parse input last bound, {text} is not a number");
            }

            lastBound = bound;
        }

        return new IteratorStep(list.Text(ParameterNames.IteratorToken), (int)size!.Value, lastBound);
    }

    private static Failure Broken(string why) => ParameterList.Wrong($"parse iterator v2 info failed: {why}");
}
