using Elanus.Milvus.Protocol;
using Elanus.Milvus.Wire;

namespace Elanus.Milvus;

/// <summary>Search requests as calls to the roles.</summary>
internal static class SearchReading
{
    public static Result<SearchCall> Search(RawSearch raw, CollectionInfo collection, string database, Limits limits)
    {
        var request = raw.Request;
        if (NotBuilt(request) is { } beyond)
        {
            return beyond;
        }

        if (request.FunctionScore is { Functions.Count: > 0 } score)
        {
            return Failure.Unimplemented($"function score {score.Functions[0].Name} of a search");
        }

        return One(request, raw.PlaceholderGroup, collection, database, limits, whole: null);
    }

    public static Result<HybridSearchCall> Hybrid(HybridSearchRequest request, CollectionInfo collection, string database, Limits limits)
    {
        if (request.Namespace.Length > 0)
        {
            return Failure.Unimplemented("namespaces");
        }

        if (!RankWindow.Read(request.RankParams, limits.ResultWindowMax).TryGet(out var window, out var failure)
            || !RankerReading.Read(request.RankParams, request.FunctionScore).TryGet(out var ranker, out failure)
            || !ReadConsistency.Of(request.ConsistencyLevel, request.UseDefaultConsistency, request.GuaranteeTimestamp).TryGet(out var consistency, out failure))
        {
            return failure;
        }

        var searches = new List<SearchCall>(request.Requests.Count);
        foreach (var part in request.Requests)
        {
            if (NotBuilt(part) is { } beyond)
            {
                return beyond;
            }

            if (!One(part, part.PlaceholderGroup.Memory, collection, database, limits, window).TryGet(out var search, out failure))
            {
                return failure;
            }

            searches.Add(search);
        }

        return new HybridSearchCall
        {
            Database = database,
            Collection = request.CollectionName,
            Partitions = request.PartitionNames,
            Consistency = consistency.Level,
            Guarantee = consistency.Guarantee,
            OutputFields = request.OutputFields,
            Searches = searches,
            Ranker = ranker,
            Limit = window.Limit,
            Offset = window.Offset,
            RoundDecimal = window.RoundDecimal,
            GroupByField = window.Grouping.Field,
            GroupSize = window.Grouping.Size,
            StrictGroupSize = window.Grouping.Strict,
        };
    }

    private static Failure? NotBuilt(SearchRequest request) => request switch
    {
        { Namespace.Length: > 0 } => Failure.Unimplemented("namespaces"),
        { Highlighter: not null } => Failure.Unimplemented("highlighter"),
        { SubReqs.Count: > 0 } => Failure.Unimplemented("sub_reqs of a search; HybridSearch takes several searches"),
        _ => null,
    };

    private static Result<SearchCall> One(
        SearchRequest request, ReadOnlyMemory<byte>? group, CollectionInfo collection, string database, Limits limits, RankWindow? whole)
    {
        if (!SearchParameters.Read(request.SearchParams, limits.ResultWindowMax, whole).TryGet(out var parameters, out var failure)
            || !Templates.Read(request.ExprTemplateValues).TryGet(out var templates, out failure)
            || !ReadConsistency.Of(request.ConsistencyLevel, request.UseDefaultConsistency, request.GuaranteeTimestamp).TryGet(out var consistency, out failure))
        {
            return failure;
        }

        if (parameters.CollectionId > 0 && parameters.CollectionId != collection.Id.Value)
        {
            return Failure.Invalid($"collection id:{parameters.CollectionId} in the request is not consistent to that in the search context,alias or database may have been changed: {collection.Id}");
        }

        if (!Input(request, group, collection, parameters.Field, limits).TryGet(out var input, out failure))
        {
            return failure;
        }

        return new SearchCall
        {
            Database = database,
            Collection = request.CollectionName.Length > 0 ? request.CollectionName : collection.Name,
            Partitions = request.PartitionNames,
            Consistency = consistency.Level,
            Guarantee = consistency.Guarantee,
            Filter = request.Dsl,
            Templates = templates,
            OutputFields = request.OutputFields,
            Field = parameters.Field,
            Vectors = input.Vectors,
            Ids = input.Ids,
            TopK = parameters.TopK,
            Offset = parameters.Offset,
            Metric = parameters.Metric,
            Params = parameters.Params,
            RoundDecimal = parameters.RoundDecimal,
            IgnoreGrowing = parameters.IgnoreGrowing,
            GroupByField = parameters.Grouping.Field,
            GroupSize = parameters.Grouping.Size,
            StrictGroupSize = parameters.Grouping.Strict,
            Iterator = parameters.Iterator is { } step ? new(step.Token, step.BatchSize, step.LastBound) : null,
        };
    }

    private static Result<(ColumnBlock? Vectors, ColumnBlock? Ids)> Input(
        SearchRequest request, ReadOnlyMemory<byte>? group, CollectionInfo collection, string fieldName, Limits limits)
    {
        if (request.Nq < 0 || request.Nq > limits.QueriesMax)
        {
            return ParameterList.Wrong($"nq [{request.Nq}] is invalid, nq (number of search vector per search request) should be in range [1, {limits.QueriesMax}], but got {request.Nq}");
        }

        if (request.SearchInputCase == SearchRequest.SearchInputOneofCase.Ids)
        {
            return KeyLists.Read(collection.Schema.PrimaryKey, request.Ids).TryGet(out var ids, out var wrong) ? (null, ids) : wrong;
        }

        if (group is not { } vectorsGiven)
        {
            return Failure.Invalid("search needs query vectors or ids");
        }

        if (!SearchedField(collection.Schema, fieldName).TryGet(out var field, out var failure))
        {
            return failure;
        }

        return QueryVectors.Read(field, vectorsGiven, request.Nq).TryGet(out var vectors, out failure) ? (vectors, null) : failure;
    }

    /// <summary>The field whose type the query vectors must have: the one named, or the only vector field.</summary>
    private static Result<FieldSchema> SearchedField(CollectionSchema schema, string name)
    {
        FieldSchema? only = null;
        foreach (var field in schema.Fields)
        {
            if (field.Type.IsVector() && (name.Length == 0 || field.Name == name))
            {
                if (only is not null)
                {
                    return ParameterList.Wrong("multiple anns_fields exist, please specify a anns_field in search_params");
                }

                only = field;
            }
        }

        return only is not null ? only
            : schema.Find(name) is not null ? Failure.Invalid($"field ({name}) to search is not of vector data type")
            : Failure.Invalid($"failed to get field schema by name: fieldName({name}) not found");
    }
}
