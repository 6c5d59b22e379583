namespace Elanus.Milvus.Rest;

/// <summary>
/// The indexes that a request's <c>indexParams</c> ask for, their own parameters both packed and one by one, as <see cref="IndexParameters"/> has them.
/// </summary>
internal static class IndexDrafts
{
    public static Result<IReadOnlyList<IndexDraft>> Read(RestBody body)
    {
        var drafts = new List<IndexDraft>();
        foreach (var asked in body.Objects("indexParams"))
        {
            if (!asked.Has("fieldName"))
            {
                return RestFailures.Missing("fieldName of each of indexParams");
            }

            var parameters = asked.Pairs("params").ToList();
            Put(parameters, IndexParameters.Packed, asked.Find("params")?.GetRawText() ?? "");
            Put(parameters, IndexRules.MetricTypeKey, asked.Text("metricType"));
            Put(parameters, IndexRules.IndexTypeKey, asked.Text("indexType"));
            drafts.Add(new(asked.Text("fieldName"), asked.Text("indexName"), parameters));
        }

        return drafts;
    }

    /// <summary>What stands beside the parameters wins over what stands among them.</summary>
    private static void Put(List<KeyValuePair<string, string>> parameters, string key, string value)
    {
        if (value.Length > 0)
        {
            parameters.RemoveAll(p => p.Key == key);
            parameters.Insert(0, new(key, value));
        }
    }
}
