using Elanus.Engine;
using Elanus.Milvus.Protocol;

namespace Elanus.Milvus;

/// <summary>An index as DescribeIndex shows it.</summary>
internal static class IndexDescriptions
{
    /// <summary>Names what really answers searches, where that is another type than the client asked for.</summary>
    public const string ServedByKey = "elanus.served_by";

    /// <param name="progress">How far the build is; null where nothing is built, so that all rows are served as they are.</param>
    public static IndexDescription Of(FieldSchema field, IndexInfo index, CollectionStatistics statistics, IndexProgress? progress)
    {
        var description = new IndexDescription
        {
            IndexName = index.Name,
            IndexID = index.Id.Value,
            FieldName = field.Name,
            State = progress switch
            {
                { Fault: not null } => Protocol.Common.IndexState.Failed,
                { IsComplete: false } => Protocol.Common.IndexState.InProgress,
                _ => Protocol.Common.IndexState.Finished,
            },
            IndexStateFailReason = progress?.Fault ?? "",
            TotalRows = progress?.TotalRows ?? statistics.LiveRows,
            IndexedRows = progress?.IndexedRows ?? statistics.LiveRows,
            PendingIndexRows = progress is null ? 0 : progress.TotalRows - progress.IndexedRows,
        };
        description.Params.AddPairs(IndexParameters.Shown(index));
        if (IndexRules.ServedBy(field, index.Type) is var servedBy && servedBy != index.Type)
        {
            description.Params.AddPair(ServedByKey, servedBy);
        }

        return description;
    }
}
