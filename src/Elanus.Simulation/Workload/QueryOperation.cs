using System.Globalization;
using Elanus.Roles;
using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>A query for rows or for their number; by keys or all, of some partitions or all.</summary>
public sealed class QueryOperation(string collection, IReadOnlyList<string> partitions, IReadOnlyList<long>? keys, bool counts, ConsistencyLevel level) : Operation<QueryAnswer>
{
    public override string What =>
        $"{(counts ? "count" : "query")} {collection}{string.Concat(partitions.Select(p => "/" + p))} {(keys is null ? "all" : $"[{string.Join(',', keys)}]")} {level}";

    public override string Answer => counts ? $"{Count}" : $"[{string.Join(' ', Rows().Select(r => $"{r.Key}:{r.Tag}"))}]";

    public override Timestamp Seen => Value.Session;

    private long Count => Value.Rows.Columns[0].Values.As<long>()[0];

    public override string? Verify(Evidence evidence)
    {
        if (End != CallEnd.Answered)
        {
            return null;
        }

        if (Failure is { } failure)
        {
            return Excuses.For(this, failure, collection, partitions, evidence.Model);
        }

        if (Reads.Target(this, Value.Collection.Id, collection, partitions, evidence.Model) is { } wrong)
        {
            return wrong;
        }

        var model = evidence.Model.Find(Value.Collection.Id)!;
        var least = Reads.Least(this, level, evidence);
        foreach (var position in model.Moments(least, Ceiling))
        {
            if (Reads.Partitions(Value.Collection, partitions) is { } chosen && IsStateAt(model, position, chosen))
            {
                return null;
            }
        }

        return $"it is the state at no position from {least} to {Ceiling}";
    }

    protected override Task<Result<QueryAnswer>> Call(StandaloneNode node, CancellationToken cancel) => node.Roles.Proxy.Queries.Query(
        new()
        {
            Database = World.Database,
            Collection = collection,
            Partitions = partitions,
            Consistency = level,
            Guarantee = level == ConsistencyLevel.Session ? Session : default,
            Filter = keys is null ? "id >= 0" : string.Create(CultureInfo.InvariantCulture, $"id in [{string.Join(',', keys)}]"),
            OutputFields = counts ? ["count(*)"] : [World.TagName],
        },
        cancel);

    private bool IsStateAt(ModelCollection model, ulong position, IReadOnlyCollection<PartitionId> chosen)
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
