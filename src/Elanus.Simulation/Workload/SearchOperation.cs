using Elanus.Roles;
using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>
/// A vector search over all rows: judged against the distances to every row that the model shows. A graph may miss a near row, but not show a
/// wrong one, or too few.
/// </summary>
public sealed class SearchOperation(string collection, IReadOnlyList<string> partitions, long like, int k, ConsistencyLevel level, bool exact) : Operation<SearchAnswer>
{
    private readonly float[] query = World.Vector(like);

    public override string What => $"search {collection}{string.Concat(partitions.Select(p => "/" + p))} like {like} top {k} {level}";

    public override string Answer => $"[{string.Join(' ', Hits().Select(h => $"{h.Key}:{h.Tag}@{h.Score}"))}]";

    public override Timestamp Seen => Value.Session;

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
        var chosen = Reads.Partitions(Value.Collection, partitions);
        var least = Reads.Least(this, level, evidence);
        return model.Moments(least, Ceiling).Any(position => IsBestAt(model, position, chosen))
            ? null
            : $"these are the nearest rows at no position from {least} to {Ceiling}";
    }

    protected override Task<Result<SearchAnswer>> Call(StandaloneNode node, CancellationToken cancel) => node.Roles.Proxy.Searches.Search(
        new()
        {
            Database = World.Database,
            Collection = collection,
            Partitions = partitions,
            Vectors = World.Vectors([query]),
            TopK = k,
            OutputFields = [World.TagName],
            Consistency = level,
            Guarantee = level == ConsistencyLevel.Session ? Session : default,
        },
        cancel);

    private bool IsBestAt(ModelCollection model, ulong position, IReadOnlyCollection<PartitionId> chosen)
    {
        var rows = model.Visible(position, chosen);
        var distances = rows.ConvertAll(row => World.Distance(query, row.Tag));
        distances.Sort();
        var hits = Hits().ToList();
        if (hits.Count != Math.Min(k, rows.Count) || hits.DistinctBy(h => h.Key).Count() != hits.Count)
        {
            return false;
        }

        for (var i = 0; i < hits.Count; i++)
        {
            if ((exact ? hits[i].Score != distances[i] : hits[i].Score < distances[i]) || i > 0 && hits[i].Score < hits[i - 1].Score
                || World.Distance(query, hits[i].Tag) != hits[i].Score
                || model.Visible(hits[i].Key, position, chosen)?.Tag != hits[i].Tag)
            {
                return false;
            }
        }

        return true;
    }

    private IEnumerable<(long Key, long Tag, float Score)> Hits()
    {
        var ids = Value.Ids.As<long>().ToArray();
        var tags = Value.Rows.Find(World.TagField)!.As<long>().ToArray();
        return ids.Select((id, i) => (id, tags[i], Value.Scores[i]));
    }
}
