using Elanus.Engine;
using Elanus.Milvus.Protocol;

namespace Elanus.Milvus;

/// <summary>An index as DescribeIndex shows it.</summary>
internal static class IndexDescriptions
{
    /// <summary>Names what really answers searches, where that is another type than the client asked for.</summary>
    public const string ServedByKey = "elanus.served_by";

    public static IndexDescription Of(FieldSchema field, IndexInfo index, CollectionStatistics statistics)
    {
        var description = new IndexDescription
        {
            IndexName = index.Name,
            IndexID = index.Id.Value,
            FieldName = field.Name,
            State = Protocol.Common.IndexState.Finished,
            TotalRows = statistics.LiveRows,
            IndexedRows = statistics.LiveRows,
        };
        description.Params.AddPairs(IndexParameters.Shown(index));
        if (IndexRules.ServedBy(field, index.Type) is var servedBy && servedBy != index.Type)
        {
            description.Params.AddPair(ServedByKey, servedBy);
        }

        return description;
    }
}
