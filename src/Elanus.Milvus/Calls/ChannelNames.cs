namespace Elanus.Milvus;

/// <summary>The names under which the protocol shows a collection's channels. Clients print them; nothing is looked up by them.</summary>
internal static class ChannelNames
{
    /// <summary>The log channel that carries every shard of this node.</summary>
    public const string Physical = "elanus-channel-1";

    /// <summary>One shard's part of it.</summary>
    public static string Virtual(CollectionId collection, int shard) => $"{Physical}_{new ShardId(collection, shard)}";
}
