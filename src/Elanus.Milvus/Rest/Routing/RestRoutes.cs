using System.Collections.Frozen;

namespace Elanus.Milvus.Rest;

/// <summary>The table of paths. What Milvus has and Elanus has not yet is in it too, so that it can be told from what nobody has.</summary>
internal sealed class RestRoutes
{
    private const string Prefix = "/v2/vectordb/";
    private const string FirstGeneration = "/v1/vector/";

    private static readonly string[] NotYet =
    [
        "collections/compact", "collections/get_compaction_state",
        "collections/add_function", "collections/alter_function", "collections/drop_function",
        "users/grant_role", "users/revoke_role",
        "roles/list", "roles/describe", "roles/create", "roles/drop",
        "roles/grant_privilege", "roles/revoke_privilege", "roles/grant_privilege_v2", "roles/revoke_privilege_v2",
        "privilege_groups/create", "privilege_groups/drop", "privilege_groups/list",
        "privilege_groups/add_privileges_to_group", "privilege_groups/remove_privileges_from_group",
        "jobs/import/list", "jobs/import/create", "jobs/import/describe", "jobs/import/get_progress",
        "resource_groups/create", "resource_groups/drop", "resource_groups/alter", "resource_groups/describe", "resource_groups/list",
        "resource_groups/transfer_replica",
        "segments/describe", "quotacenter/describe", "common/run_analyzer",
    ];

    private readonly FrozenDictionary<string, RestRoute> table;

    public RestRoutes(Proxy proxy)
    {
        IEnumerable<RestRoute> all =
        [
            .. new CollectionRoutes(proxy).All,
            .. new CollectionChangeRoutes(proxy).All,
            .. new RowWriteRoutes(proxy).All,
            .. new RowReadRoutes(proxy).All,
            .. new SearchRoutes(proxy).All,
            .. new PartitionRoutes(proxy).All,
            .. new IndexRoutes(proxy).All,
            .. new AliasRoutes(proxy).All,
            .. new DatabaseRoutes(proxy).All,
            .. new UserRoutes(proxy).All,
            .. NotYet.Select(RestRoute.NotYet),
        ];
        table = all.ToFrozenDictionary(r => Prefix + r.Path, StringComparer.Ordinal);
    }

    public IEnumerable<string> Paths => table.Keys;

    /// <summary>The route of a path; null where Milvus has none either.</summary>
    public RestRoute? Find(string path) =>
        table.TryGetValue(path, out var route) ? route
        : path.StartsWith(FirstGeneration, StringComparison.Ordinal) ? RestRoute.NotYet(path)
        : null;
}
