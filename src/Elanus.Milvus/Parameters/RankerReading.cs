using System.Globalization;
using System.Text.Json;
using Elanus.Milvus.Protocol.Schema;

namespace Elanus.Milvus;

/// <summary>The ranker of a hybrid search: from its rank parameters, or from the function score that newer clients send.</summary>
public static class RankerReading
{
    private const string RrfName = "rrf";
    private const string WeightedName = "weighted";

    /// <param name="pairs">rank_params of the request.</param>
    /// <param name="score">Its function score, or null.</param>
    public static Result<Ranker> Read(IReadOnlyList<Protocol.Common.KeyValuePair> pairs, FunctionScore? score)
    {
        if (score is not null && score.Functions.Count > 0)
        {
            return FromFunction(score);
        }

        var list = new ParameterList(pairs);
        if (list.Find(ParameterNames.Strategy) is not { } strategy)
        {
            return new Ranker.Rrf();
        }

        if (strategy is not (RrfName or WeightedName))
        {
            return ParameterList.Wrong($"unsupported rank type {strategy}");
        }

        if (list.Find(ParameterNames.Params) is not { } text)
        {
            return ParameterList.Wrong($"{ParameterNames.Params} not found in rank_params");
        }

        try
        {
            using var document = WholeJson.Parse(text);
            return document.RootElement.ValueKind != JsonValueKind.Object
                ? ParameterList.Wrong($"the rank params must be a JSON object, got {text}")
                : strategy == RrfName ? Rrf(document.RootElement) : Weighted(document.RootElement);
        }
        catch (JsonException broken)
        {
            return ParameterList.Wrong($"the rank params are not valid JSON: {broken.Message}");
        }
    }

    private static Result<Ranker> Rrf(JsonElement parameters)
    {
        if (!parameters.TryGetProperty("k", out var k))
        {
            return ParameterList.Wrong("k not found in rank_params");
        }

        return k.ValueKind == JsonValueKind.Number ? new Ranker.Rrf(k.GetDouble()) : ParameterList.Wrong("The type of rank param k should be float");
    }

    private static Result<Ranker> Weighted(JsonElement parameters)
    {
        if (!parameters.TryGetProperty("weights", out var weights))
        {
            return ParameterList.Wrong("weights not found in rank_params");
        }

        var norm = false;
        if (parameters.TryGetProperty("norm_score", out var given))
        {
            if (given.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                return ParameterList.Wrong("Weighted rerank err, norm_score should been bool type");
            }

            norm = given.GetBoolean();
        }

        return Weights(weights).TryGet(out var numbers, out var failure) ? new Ranker.Weighted(numbers, norm) : failure;
    }

    private static Result<IReadOnlyList<double>> Weights(JsonElement weights)
    {
        if (weights.ValueKind != JsonValueKind.Array)
        {
            return ParameterList.Wrong("The weights param should be an array");
        }

        var numbers = new List<double>();
        foreach (var weight in weights.EnumerateArray())
        {
            if (weight.ValueKind != JsonValueKind.Number)
            {
                return ParameterList.Wrong("The type of rank param weight should be float");
            }

            numbers.Add(weight.GetDouble());
        }

        return numbers;
    }

    private static Result<Ranker> FromFunction(FunctionScore score)
    {
        if (score.Functions is not [{ Type: FunctionType.Rerank } function])
        {
            return Failure.Unimplemented("a function score of more than one function, or of another kind than a reranker");
        }

        var list = new ParameterList(function.Params);
        switch (list.Text("reranker"))
        {
            case RrfName:
                var k = list.Find("k") ?? "60";
                return double.TryParse(k, NumberStyles.Float, CultureInfo.InvariantCulture, out var constant)
                    ? new Ranker.Rrf(constant)
                    : ParameterList.Wrong($"Param k:{k} is not a number");
            case WeightedName:
                try
                {
                    using var weights = WholeJson.Parse(list.Text("weights"));
                    return Weights(weights.RootElement).TryGet(out var numbers, out var failure)
                        ? new Ranker.Weighted(numbers, list.Truth("norm_score") ?? false)
                        : failure;
                }
                catch (JsonException)
                {
                    return ParameterList.Wrong($"Parse weights param failed, weight should be []float, but got: {list.Text("weights")}");
                }

            case var other:
                return Failure.Unimplemented($"reranker {other} (function {function.Name})");
        }
    }
}
