using System.Globalization;
using Elanus.Roles;
using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>A query for rows or for their number; by keys or all, of some partitions or all.</summary>
public sealed class QueryOperation(string collection, IReadOnlyList<string> partitions, IReadOnlyList<long>? keys, bool counts, ConsistencyLevel level) : ReadOperation<QueryAnswer>(collection, partitions, level)
{
    public override string What => $"{(counts ? "count" : "query")} {Place} {(keys is null ? "all" : $"[{string.Join(',', keys)}]")} {Level}";

    public override string Answer => counts ? $"{Count}" : $"[{string.Join(' ', Rows().Select(r => $"{r.Key}:{r.Tag}"))}]";

    public override Timestamp Seen => Value.Session;

    private long Count => Value.Rows.Columns[0].Values.As<long>()[0];

    protected override CollectionInfo Found => Value.Collection;

    protected override string Wrong => "it is the state at no position";

    protected override Task<Result<QueryAnswer>> Call(StandaloneNode node, CancellationToken cancel) => node.Roles.Proxy.Queries.Query(
        new()
        {
            Database = World.Database,
            Collection = Collection,
            Partitions = Partitions,
            Consistency = Level,
            Guarantee = Guarantee,
            Filter = keys is null ? "id >= 0" : string.Create(CultureInfo.InvariantCulture, $"id in [{string.Join(',', keys)}]"),
            OutputFields = counts ? ["count(*)"] : [World.TagName],
        },
        cancel);

    protected override bool IsStateAt(ModelCollection model, ulong position, IReadOnlyCollection<PartitionId> chosen)
    {
        if (counts)
        {
            return Count == model.Count(position, chosen);
        }

        var expected = keys is null
            ? model.Visible(position, chosen)
            : keys.Select(key => model.Visible(key, position, chosen)).OfType<ModelRow>().OrderBy(row => row.Key).ToList();
        return expected.Select(row => (row.Key, row.Tag)).SequenceEqual(Rows());
    }

    private IEnumerable<(long Key, long Tag)> Rows()
    {
        var ids = Value.Rows.Find(World.KeyField)!.As<long>().ToArray();
        var tags = Value.Rows.Find(World.TagField)!.As<long>().ToArray();
        return ids.Zip(tags);
    }
}
