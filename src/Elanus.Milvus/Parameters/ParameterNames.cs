namespace Elanus.Milvus;

/// <summary>The keys of key/value parameters of reads.</summary>
internal static class ParameterNames
{
    public const string AnnsField = "anns_field";
    public const string TopK = "topk";
    public const string Offset = "offset";
    public const string Limit = "limit";
    public const string Metric = "metric_type";
    public const string Params = "params";
    public const string RoundDecimal = "round_decimal";
    public const string IgnoreGrowing = "ignore_growing";
    public const string GroupByField = "group_by_field";
    public const string GroupSize = "group_size";
    public const string StrictGroupSize = "strict_group_size";
    public const string CollectionId = "collection_id";
    public const string Iterator = "iterator";
    public const string IteratorV2 = "search_iter_v2";
    public const string IteratorBatchSize = "search_iter_batch_size";
    public const string IteratorToken = "search_iter_id";
    public const string IteratorLastBound = "search_iter_last_bound";
    public const string ReduceStopForBest = "reduce_stop_for_best";
    public const string TimeFields = "time_fields";
    public const string QueryGroupBy = "group_by_fields";
    public const string QueryOrderBy = "order_by_fields";
    public const string Strategy = "strategy";
}
