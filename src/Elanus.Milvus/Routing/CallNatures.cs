using System.Collections.Frozen;

namespace Elanus.Milvus;

/// <summary>The nature of every call of the client port, by its path. What is not known to be harmless is a change.</summary>
public static class CallNatures
{
    private const string RestEntities = "/v2/vectordb/entities/";

    private static readonly FrozenSet<string> Writes = FrozenSet.Create("Insert", "Upsert", "Delete");

    /// <summary>First words of the names of methods that only look.</summary>
    private static readonly string[] Looks = ["Describe", "Get", "Show", "Has", "List", "Check", "Search", "HybridSearch", "Query", "Select", "CalcDistance", "Connect", "AllocTimestamp"];

    /// <summary>Last words of REST paths that only look.</summary>
    private static readonly FrozenSet<string> RestLooks = FrozenSet.Create(
        "search", "advanced_search", "hybrid_search", "query", "get", "list", "describe", "has", "get_stats", "get_load_state", "get_progress");

    public static CallNature Of(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (path.StartsWith("/v2/", StringComparison.Ordinal))
        {
            return RestLooks.Contains(name) ? CallNature.Read
                : path.StartsWith(RestEntities, StringComparison.Ordinal) ? CallNature.IdentifiedWrite
                : CallNature.Change;
        }

        if (!path.StartsWith($"/{CallRoutes.Service.FullName}/", StringComparison.Ordinal))
        {
            // The other services of the port, health and reflection, only look.
            return CallNature.Read;
        }

        return Writes.Contains(name) ? CallNature.IdentifiedWrite
            : Looks.Any(look => name.StartsWith(look, StringComparison.Ordinal)) ? CallNature.Read
            : CallNature.Change;
    }
}
