using Elanus.Milvus.Protocol;
using Elanus.Milvus.Wire;

namespace Elanus.Milvus;

/// <summary>Vector searches and hybrid searches.</summary>
public sealed class SearchCalls(Proxy proxy) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .AddRaw<SearchResults>("Search", Search)
        .Add<HybridSearchRequest, SearchResults>("HybridSearch", Hybrid);

    /// <param name="raw">A serialised SearchRequest.</param>
    public async Task<SearchResults> Search(ReadOnlyMemory<byte> raw, CallScope scope)
    {
        if (!RawSearch.Read(raw).TryGet(out var search, out var failure))
        {
            return new() { Status = Statuses.Of(failure) };
        }

        var database = scope.Database(search.Request.DbName);
        if (!proxy.Context.Collection(database, search.Request.CollectionName).TryGet(out var collection, out failure)
            || !SearchReading.Search(search, collection, database, proxy.Context.Limits).TryGet(out var call, out failure)
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
