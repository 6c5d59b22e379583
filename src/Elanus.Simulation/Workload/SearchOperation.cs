using Elanus.Roles;
using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>
/// A vector search over all rows: judged against the distances to every row that the model shows. A graph may miss a near row, but not show a
/// wrong one, or too few.
/// </summary>
public sealed class SearchOperation(string collection, IReadOnlyList<string> partitions, long like, int k, ConsistencyLevel level, bool exact) : ReadOperation<SearchAnswer>(collection, partitions, level)
{
    private readonly float[] query = World.Vector(like);

    public override string What => $"search {Place} like {like} top {k} {Level}";

    public override string Answer => $"[{string.Join(' ', Hits().Select(h => $"{h.Key}:{h.Tag}@{h.Score}"))}]";

    public override Timestamp Seen => Value.Session;

    protected override CollectionInfo Found => Value.Collection;

    protected override string Wrong => "these are the nearest rows at no position";

    protected override Task<Result<SearchAnswer>> Call(StandaloneNode node, CancellationToken cancel) => node.Roles.Proxy.Searches.Search(
        new()
        {
            Database = World.Database,
            Collection = Collection,
            Partitions = Partitions,
            Vectors = World.Vectors([query]),
            TopK = k,
            OutputFields = [World.TagName],
            Consistency = Level,
            Guarantee = Guarantee,
        },
        cancel);

    protected override bool IsStateAt(ModelCollection model, ulong position, IReadOnlyCollection<PartitionId> chosen)
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
