using System.Globalization;
using Elanus.Engine;
using Elanus.Vectors;

namespace Elanus.Roles;

/// <summary>Tells the engine which indexes each collection is to have, whenever the definitions change. Called by the applier alone.</summary>
public sealed class IndexAssignment(MetadataMachine metadata, DataState state) : IRecordConsumer
{
    private MetadataSnapshot assigned = MetadataSnapshot.Empty;

    public void Apply(in LogRecord record) => Assign();

    /// <summary>Hands over what is not yet; also after rows and metadata came from a checkpoint.</summary>
    public void Assign()
    {
        var now = metadata.Current;
        if (ReferenceEquals(now.Indexes, assigned.Indexes))
        {
            return;
        }

        foreach (var (collection, indexes) in now.Indexes.Indexes)
        {
            if (indexes != assigned.Indexes.Of(collection)
                && state.Find(collection) is { } data
                && now.Root.Collections.TryGetValue(collection, out var info))
            {
                data.SetIndexes([.. indexes.Select(i => Definition(info, i)).OfType<IndexDefinition>()]);
            }
        }

        assigned = now;
    }

    /// <summary>What the engine builds for an index; null where nothing is built.</summary>
    private static IndexDefinition? Definition(CollectionInfo collection, IndexInfo index)
    {
        if (collection.Schema.Find(index.Field) is not { } field || !field.Type.IsVector()
            || !Metrics.TryParse(index.Param(IndexRules.MetricTypeKey) ?? "", out var metric))
        {
            return null;
        }

        var definition = new IndexDefinition
        {
            Id = index.Id,
            Field = index.Field,
            Metric = metric,
            Kind = IndexRules.Serving(field, index.Type) switch
            {
                IndexServing.Hnsw => IndexKind.Hnsw,
                IndexServing.SparseInverted => IndexKind.SparseInverted,
                _ => IndexKind.Flat,
            },
        };
        return definition with
        {
            M = Number(index, "M") ?? definition.M,
            EfConstruction = Number(index, "efConstruction") ?? definition.EfConstruction,
        };
    }

    private static int? Number(IndexInfo index, string key) =>
        int.TryParse(index.Param(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
