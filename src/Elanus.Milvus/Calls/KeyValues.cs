using Google.Protobuf.Collections;

namespace Elanus.Milvus;

/// <summary>The protocol's key/value pairs and those of the roles.</summary>
internal static class KeyValues
{
    public static IReadOnlyCollection<KeyValuePair<string, string>> Read(IEnumerable<Protocol.Common.KeyValuePair> pairs) =>
        [.. pairs.Select(p => new KeyValuePair<string, string>(p.Key, p.Value))];

    public static void AddPairs(this RepeatedField<Protocol.Common.KeyValuePair> target, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        foreach (var (key, value) in pairs)
        {
            target.AddPair(key, value);
        }
    }

    public static void AddPair(this RepeatedField<Protocol.Common.KeyValuePair> target, string key, string value) =>
        target.Add(new Protocol.Common.KeyValuePair { Key = key, Value = value });
}
