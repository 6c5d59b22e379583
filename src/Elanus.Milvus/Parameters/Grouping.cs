namespace Elanus.Milvus;

/// <summary>How results of a search are grouped.</summary>
/// <param name="Field">Field whose values make the groups; empty for no grouping.</param>
/// <param name="Size">Results a group.</param>
/// <param name="Strict">Whether groups are filled to their size even where that costs time.</param>
public sealed record Grouping(string Field, int Size, bool Strict)
{
    public const int SizeMax = 10;

    public static readonly Grouping None = new("", 1, false);

    internal static Result<Grouping> Read(ParameterList list)
    {
        var size = 1L;
        if (list.Find(ParameterNames.GroupSize) is { } text)
        {
            if (!list.Whole(ParameterNames.GroupSize).TryGet(out var given, out _))
            {
                return Failure.Invalid($"failed to parse input group size:{text}");
            }

            size = given!.Value;
        }

        if (size <= 0)
        {
            return Failure.Invalid($"input group size:{size} is negative, failed to do search_groupby");
        }

        if (size > SizeMax)
        {
            return Failure.Invalid($"input group size:{size} exceeds configured max group size:{SizeMax}");
        }

        return new Grouping(list.Text(ParameterNames.GroupByField), (int)size, list.Truth(ParameterNames.StrictGroupSize) ?? false);
    }
}
