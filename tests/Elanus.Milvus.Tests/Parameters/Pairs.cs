namespace Elanus.Milvus.Tests.Parameters;

internal static class Pairs
{
    public static List<Protocol.Common.KeyValuePair> Of(params (string Key, string Value)[] pairs) =>
        [.. pairs.Select(p => new Protocol.Common.KeyValuePair { Key = p.Key, Value = p.Value })];
}
