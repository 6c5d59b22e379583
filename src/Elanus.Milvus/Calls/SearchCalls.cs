using Elanus.Milvus.Protocol;

namespace Elanus.Milvus;

/// <summary>Vector searches and hybrid searches.</summary>
public sealed class SearchCalls(Proxy proxy) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .Add<SearchRequest, SearchResults>("Search", Search)
        .Add<HybridSearchRequest, SearchResults>("HybridSearch", Hybrid);

    public async Task<SearchResults> Search(SearchRequest request, CallScope scope)
    {
        var database = scope.Database(request.DbName);
        if (!proxy.Context.Collection(database, request.CollectionName).TryGet(out var collection, out var failure)
            || !SearchReading.Search(request, collection, database, proxy.Context.Limits).TryGet(out var call, out failure)
            || !(await proxy.Searches.Search(call, scope.Cancel)).TryGet(out var answer, out failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        return SearchAnswers.Write(answer);
    }

    public async Task<SearchResults> Hybrid(HybridSearchRequest request, CallScope scope)
    {
        var database = scope.Database(request.DbName);
        if (!proxy.Context.Collection(database, request.CollectionName).TryGet(out var collection, out var failure)
            || !SearchReading.Hybrid(request, collection, database, proxy.Context.Limits).TryGet(out var call, out failure)
            || !(await proxy.HybridSearches.Search(call, scope.Cancel)).TryGet(out var answer, out failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        return SearchAnswers.Write(answer);
    }
}
