using Elanus.Milvus.Protocol;
using Elanus.Milvus.Wire;

namespace Elanus.Milvus;

/// <summary>Vector searches and hybrid searches.</summary>
public sealed class SearchCalls(Proxy proxy) : ICallGroup
{
    public void Route(CallRoutes routes) => routes
        .AddRaw("Search", Search)
        .AddWritten<HybridSearchRequest>("HybridSearch", Hybrid);

    /// <param name="raw">A serialised SearchRequest; the reply is a serialised SearchResults.</param>
    public async Task<ReadOnlyMemory<byte>> Search(ReadOnlyMemory<byte> raw, CallScope scope)
    {
        if (!RawSearch.Read(raw).TryGet(out var search, out var failure))
        {
            return SearchAnswers.Refused(failure);
        }

        var database = scope.Database(search.Request.DbName);
        if (!proxy.Context.Collection(database, search.Request.CollectionName).TryGet(out var collection, out failure)
            || !SearchReading.Search(search, collection, database, proxy.Context.Limits).TryGet(out var call, out failure)
            || !(await proxy.Searches.Search(call with { Hold = scope.Hold }, scope.Cancel)).TryGet(out var answer, out failure))
        {
            return SearchAnswers.Refused(failure);
        }

        return SearchAnswers.Write(answer);
    }

    public async Task<ReadOnlyMemory<byte>> Hybrid(HybridSearchRequest request, CallScope scope)
    {
        var database = scope.Database(request.DbName);
        if (!proxy.Context.Collection(database, request.CollectionName).TryGet(out var collection, out var failure)
            || !SearchReading.Hybrid(request, collection, database, proxy.Context.Limits).TryGet(out var call, out failure)
            || !(await proxy.HybridSearches.Search(call with { Hold = scope.Hold }, scope.Cancel)).TryGet(out var answer, out failure))
        {
            return SearchAnswers.Refused(failure);
        }

        return SearchAnswers.Write(answer);
    }
}
