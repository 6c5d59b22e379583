using System.Globalization;
using System.Text.Json;
using Elanus.Vectors;

namespace Elanus.Roles;

/// <summary>The search parameters of a call, read and checked: Milvus's names, ranges and sentences.</summary>
/// <param name="Ef">Breadth of a graph search; null for the default.</param>
/// <param name="Radius">The far bound of a range search.</param>
/// <param name="RangeFilter">The near bound of a range search.</param>
public sealed record SearchRules(int? Ef, float? Radius, float? RangeFilter)
{
    public const int EfMax = 32_768;

    public static Result<SearchRules> Read(string json, MetricType metric)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return new SearchRules(null, null, null);
        }

        try
        {
            using var document = WholeJson.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Failure.Invalid($"search params must be a JSON object, got {json}");
            }

            return Read(document.RootElement, metric);
        }
        catch (JsonException broken)
        {
            return Failure.Invalid($"search params are not valid JSON: {broken.Message}");
        }
    }

    /// <summary>Whether a graph search is as broad as it has to find hits; Milvus asks that of these index types alone, and not of a range search.</summary>
    public Failure? CheckBreadth(string indexType, long hits) => indexType is "HNSW" or "HNSW_SQ" && Ef is { } breadth && breadth < hits && Radius is null
        ? Failure.Invalid($"ef({breadth}) should be larger than k({hits})")
        : null;

    /// <summary>Whether radius and range_filter enclose anything under a metric.</summary>
    public static Failure? CheckRange(MetricType metric, float? radius, float? rangeFilter)
    {
        if (radius is not { } far || rangeFilter is not { } near)
        {
            return null;
        }

        if (metric.LargerIsBetter() ? near > far : near < far)
        {
            return null;
        }

        return Failure.Invalid(metric.LargerIsBetter()
            ? $"metric type {metric.Name()}, range_filter({near}) must be greater than radius({far})"
            : $"metric type {metric.Name()}, range_filter({near}) must be less than radius({far})");
    }

    private static Result<SearchRules> Read(JsonElement root, MetricType metric)
    {
        int? ef = null;
        float? radius = null, rangeFilter = null;
        foreach (var property in root.EnumerateObject())
        {
            var text = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
            switch (property.Name)
            {
                case "ef":
                    if (!Whole(property.Name, text, 1, EfMax).TryGet(out var breadth, out var failure))
                    {
                        return failure;
                    }

                    ef = breadth;
                    break;
                case "nprobe":
                    if (!Whole(property.Name, text, 1, 65_536).TryGet(out _, out failure))
                    {
                        return failure;
                    }

                    break;
                case "radius" or "range_filter":
                    if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) || float.IsNaN(bound))
                    {
                        return Failure.Invalid($"search param {property.Name} should be a number, got {text}");
                    }

                    _ = property.Name == "radius" ? radius = bound : rangeFilter = bound;
                    break;
                case "drop_ratio_search":
                    if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) || ratio is < 0 or >= 1)
                    {
                        return Failure.Invalid($"Out of range in json: param 'drop_ratio_search' ({text}) should be in range [0.000000, 1.000000)");
                    }

                    break;
            }
        }

        if (rangeFilter is not null && radius is null)
        {
            return Failure.Invalid("range_filter needs radius");
        }

        return CheckRange(metric, radius, rangeFilter) is { } wrong ? wrong : new SearchRules(ef, radius, rangeFilter);
    }

    private static Result<int> Whole(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Failure.Invalid($"Out of range in json: param '{name}' ({text}) should be in range [{least}, {most}]");
}
