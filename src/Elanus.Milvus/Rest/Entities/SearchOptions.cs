using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>The <c>searchParams</c> of a search, <c>params</c> of a part of a hybrid one.</summary>
/// <param name="Metric">Empty where the request names none.</param>
/// <param name="Params">The index's search parameters as one flat JSON object; empty for none.</param>
/// <param name="RoundDecimal">Digits after the point of scores; -1 for all.</param>
/// <param name="IgnoreGrowing">Whether rows in segments that still grow are left out.</param>
internal sealed record SearchOptions(string Metric, string Params, int RoundDecimal, bool IgnoreGrowing)
{
    public static Result<SearchOptions> Read(JsonElement? given)
    {
        var options = new SearchOptions("", "", -1, false);
        if (given is not { } outer)
        {
            return options;
        }

        foreach (var member in outer.EnumerateObject())
        {
            switch (member.Name)
            {
                case "metricType" or ParameterNames.Metric:
                    options = options with { Metric = RestBody.TextOf(member.Value) };
                    break;
                case "ignoreGrowing" or ParameterNames.IgnoreGrowing:
                    if (JsonScalars.Truth(member.Value) is not { } ignore)
                    {
                        return RestFailures.Format($"{member.Name} must be true or false, got {member.Value}");
                    }

                    options = options with { IgnoreGrowing = ignore };
                    break;
                case "roundDecimal" or ParameterNames.RoundDecimal:
                    if (JsonScalars.Integer(DataType.Int32, member.Value) is not { } digits)
                    {
                        return RestFailures.Format($"{member.Name} must be a whole number, got {member.Value}");
                    }

                    options = options with { RoundDecimal = (int)digits };
                    break;
            }
        }

        return options with { Params = NestedParameters.Unfold(outer.GetRawText()) };
    }
}
