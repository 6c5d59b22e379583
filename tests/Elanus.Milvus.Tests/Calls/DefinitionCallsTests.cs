using Elanus.Milvus.Protocol;
using Google.Protobuf;

namespace Elanus.Milvus.Tests.Calls;

/// <summary>Databases, collections, partitions and aliases.</summary>
public sealed class DefinitionCallsTests(Standalone node) : IClassFixture<Standalone>
{
    [Fact]
    public async Task Databases_are_made_shown_changed_and_dropped()
    {
        var calls = new DatabaseCalls(node.Proxy);
        var name = node.Name("db");
        Standalone.Ok(await calls.Create(new() { DbName = name, Properties = { Standalone.Pair("a", "1") } }, Standalone.Scope));
        Standalone.Ok(await calls.Alter(new() { DbName = name, Properties = { Standalone.Pair("b", "2") }, DeleteKeys = { "a" } }, Standalone.Scope));

        var list = calls.List(new(), Standalone.Scope);
        Assert.Contains(name, list.DbNames);
        Assert.Equal(list.DbNames.Count, list.CreatedTimestamp.Count);
        var shown = calls.Describe(new() { DbName = name }, Standalone.Scope);
        Assert.Equal([("b", "2")], shown.Properties.Select(p => (p.Key, p.Value)));
        Assert.True(shown.CreatedTimestamp > 1_000_000_000_000_000_000, "nanoseconds since 1970");

        Standalone.Ok(await calls.Drop(new() { DbName = name }, Standalone.Scope));
        Standalone.Refused(800, "database not found[database=" + name, calls.Describe(new() { DbName = name }, Standalone.Scope).Status);
    }

    [Fact]
    public async Task The_database_comes_from_the_body_then_the_metadata_then_the_default()
    {
        var calls = new DatabaseCalls(node.Proxy);
        var name = node.Name("db");
        Standalone.Ok(await calls.Create(new() { DbName = name }, Standalone.Scope));
        var inMetadata = Standalone.Scope with { MetadataDatabase = name };

        Assert.Equal("default", calls.Describe(new(), Standalone.Scope).DbName);
        Assert.Equal(name, calls.Describe(new(), inMetadata).DbName);
        Assert.Equal("default", calls.Describe(new() { DbName = "default" }, inMetadata).DbName);

        var collection = await node.Collection(loaded: false);
        Assert.False(node.Views.Has(new() { CollectionName = collection }, inMetadata).Value);
        Assert.True(node.Views.Has(new() { CollectionName = collection, DbName = "default" }, inMetadata).Value);
    }

    [Fact]
    public async Task A_collection_is_described_as_clients_expect()
    {
        var name = await node.Collection(
            dynamic: true,
            loaded: false,
            new Protocol.Schema.FieldSchema
            {
                Name = "title",
                DataType = Protocol.Schema.DataType.VarChar,
                Nullable = true,
                TypeParams = { Standalone.Pair("max_length", "64") },
                DefaultValue = new() { StringData = "none" },
            });
        Standalone.Ok(await node.Collections.Alter(new() { CollectionName = name, Properties = { Standalone.Pair("collection.ttl.seconds", "60") } }, Standalone.Scope));

        var shown = node.Views.Describe(new() { CollectionName = name }, Standalone.Scope);

        Standalone.Ok(shown.Status);
        Assert.Equal((name, "default", 1, 1L), (shown.CollectionName, shown.DbName, shown.ShardsNum, shown.NumPartitions));
        Assert.Equal([("id", 100L), ("v", 101L), ("title", 102L)], shown.Schema.Fields.Select(f => (f.Name, f.FieldID)));
        Assert.True(shown.Schema.EnableDynamicField);
        Assert.Equal("none", shown.Schema.Fields[2].DefaultValue.StringData);
        Assert.Equal("64", Assert.Single(shown.Schema.Fields[2].TypeParams).Value);
        Assert.Equal(Protocol.Common.ConsistencyLevel.Strong, shown.ConsistencyLevel);
        Assert.Equal(shown.UpdateTimestamp.ToString(System.Globalization.CultureInfo.InvariantCulture), shown.UpdateTimestampStr);
        Assert.Equal(shown.CreatedTimestamp >> 18, shown.CreatedUtcTimestamp);
        Assert.Equal(shown.VirtualChannelNames.Count, shown.PhysicalChannelNames.Count);
        Assert.Equal([("collection.ttl.seconds", "60")], shown.Properties.Select(p => (p.Key, p.Value)));

        var byId = node.Views.Describe(new() { CollectionID = shown.CollectionID }, Standalone.Scope);
        Assert.Equal(name, byId.CollectionName);
        var both = node.Views.DescribeAll(new() { CollectionName = { name }, CollectionID = { shown.CollectionID } }, Standalone.Scope);
        Assert.Equal([name, name], both.Responses.Select(r => r.CollectionName));
    }

    [Fact]
    public void A_missing_collection_is_code_100_with_both_names()
    {
        var missing = node.Views.Describe(new() { CollectionName = "nowhere" }, Standalone.Scope);
        Standalone.Refused(100, "collection not found[database=default][collection=nowhere]", missing.Status);
        Assert.Equal(Protocol.Common.ErrorCode.CollectionNotExists, missing.Status.ErrorCode);
        Assert.False(node.Views.Has(new() { CollectionName = "nowhere" }, Standalone.Scope).Value);
        Standalone.Refused(100, "[collection=4711]", node.Views.Describe(new() { CollectionID = 4711 }, Standalone.Scope).Status);
    }

    [Fact]
    public async Task Wrong_definitions_are_refused()
    {
        var name = node.Name();
        var schema = new Protocol.Schema.CollectionSchema { Name = name };
        Standalone.Refused(1100, "schema.Name", await node.Collections.Create(new() { CollectionName = "other", Schema = schema.ToByteString() }, Standalone.Scope));
        Standalone.Refused(1100, "primary key", await node.Collections.Create(new() { CollectionName = name, Schema = schema.ToByteString() }, Standalone.Scope));
        Standalone.Refused(1100, "not a serialised", await node.Collections.Create(new() { CollectionName = name, Schema = ByteString.CopyFrom(255, 255) }, Standalone.Scope));
        schema.Functions.Add(new Protocol.Schema.FunctionSchema { Name = "bm25" });
        Standalone.Refused(10, "bm25", await node.Collections.Create(new() { CollectionName = name, Schema = schema.ToByteString() }, Standalone.Scope));
        Assert.False(node.Views.Has(new() { CollectionName = name }, Standalone.Scope).Value);
    }

    [Fact]
    public async Task Collections_are_listed_renamed_and_dropped()
    {
        var name = await node.Collection();
        var idle = await node.Collection(loaded: false);
        var all = node.Views.Show(new(), Standalone.Scope);
        Assert.Superset(new HashSet<string> { name, idle }, all.CollectionNames.ToHashSet());
        Assert.Equal(all.CollectionNames.Count, all.CollectionIds.Count);
        var loaded = node.Views.Show(new() { Type = ShowType.InMemory }, Standalone.Scope);
        Assert.Contains(name, loaded.CollectionNames);
        Assert.DoesNotContain(idle, loaded.CollectionNames);
        Assert.All(loaded.InMemoryPercentages, p => Assert.Equal(100, p));

        var renamed = node.Name();
        Standalone.Ok(await node.Collections.Rename(new() { OldName = name, NewName = renamed }, Standalone.Scope));
        Assert.True(node.Views.Has(new() { CollectionName = renamed }, Standalone.Scope).Value);
        Standalone.Ok(await node.Collections.Drop(new() { CollectionName = renamed }, Standalone.Scope));
        Standalone.Ok(await node.Collections.Drop(new() { CollectionName = renamed }, Standalone.Scope));
        Assert.False(node.Views.Has(new() { CollectionName = renamed }, Standalone.Scope).Value);
    }

    [Fact]
    public async Task Fields_are_added_and_changed()
    {
        var name = await node.Collection(loaded: false);
        var added = new Protocol.Schema.FieldSchema { Name = "note", DataType = Protocol.Schema.DataType.VarChar, Nullable = true, TypeParams = { Standalone.Pair("max_length", "8") } };
        Standalone.Ok(await node.Collections.AddField(new() { CollectionName = name, Schema = added.ToByteString() }, Standalone.Scope));
        Standalone.Ok(await node.Collections.AlterField(new() { CollectionName = name, FieldName = "note", Properties = { Standalone.Pair("max_length", "16") } }, Standalone.Scope));
        var field = node.Views.Describe(new() { CollectionName = name }, Standalone.Scope).Schema.Fields.Single(f => f.Name == "note");
        Assert.Equal((102L, "16"), (field.FieldID, field.TypeParams.Single(p => p.Key == "max_length").Value));
    }

    [Fact]
    public async Task Partitions_are_made_shown_and_dropped()
    {
        var name = await node.Collection(loaded: false);
        Standalone.Ok(await node.Partitions.Create(new() { CollectionName = name, PartitionName = "p1" }, Standalone.Scope));
        Assert.True(node.Partitions.Has(new() { CollectionName = name, PartitionName = "p1" }, Standalone.Scope).Value);
        Assert.False(node.Partitions.Has(new() { CollectionName = name, PartitionName = "p2" }, Standalone.Scope).Value);
        var shown = node.Partitions.Show(new() { CollectionName = name }, Standalone.Scope);
        Assert.Equal(["_default", "p1"], shown.PartitionNames);
        Assert.Equal(2, shown.PartitionIDs.Distinct().Count());
        Assert.Equal(["p1"], node.Partitions.Show(new() { CollectionName = name, PartitionNames = { "p1" } }, Standalone.Scope).PartitionNames);
        Standalone.Refused(200, "partition not found[partition=p9]", node.Partitions.Show(new() { CollectionName = name, PartitionNames = { "p9" } }, Standalone.Scope).Status);
        Standalone.Ok(await node.Partitions.Drop(new() { CollectionName = name, PartitionName = "p1" }, Standalone.Scope));
        Assert.False(node.Partitions.Has(new() { CollectionName = name, PartitionName = "p1" }, Standalone.Scope).Value);
    }

    [Fact]
    public async Task A_loaded_partition_is_not_dropped()
    {
        var name = await node.Collection();
        Standalone.Ok(await node.Partitions.Create(new() { CollectionName = name, PartitionName = "p1" }, Standalone.Scope));
        Standalone.Refused(1100, "released", await node.Partitions.Drop(new() { CollectionName = name, PartitionName = "p1" }, Standalone.Scope));
        Assert.True(node.Partitions.Has(new() { CollectionName = name, PartitionName = "p1" }, Standalone.Scope).Value);
    }

    [Fact]
    public async Task Aliases_point_at_collections()
    {
        var calls = new AliasCalls(node.Proxy);
        var (first, second) = (await node.Collection(loaded: false), await node.Collection(loaded: false));
        var alias = node.Name("alias");
        Standalone.Ok(await calls.Create(new() { CollectionName = first, Alias = alias }, Standalone.Scope));
        Assert.Equal(first, calls.Describe(new() { Alias = alias }, Standalone.Scope).Collection);
        Standalone.Ok(await calls.Alter(new() { CollectionName = second, Alias = alias }, Standalone.Scope));
        Assert.Equal([alias], calls.List(new() { CollectionName = second }, Standalone.Scope).Aliases);
        Assert.Empty(calls.List(new() { CollectionName = first }, Standalone.Scope).Aliases);
        Assert.Contains(alias, calls.List(new(), Standalone.Scope).Aliases);
        Assert.Equal([alias], node.Views.Describe(new() { CollectionName = alias }, Standalone.Scope).Aliases);
        Standalone.Ok(await calls.Drop(new() { Alias = alias }, Standalone.Scope));
        Standalone.Refused(1600, "alias not found[database=default][alias=" + alias, calls.Describe(new() { Alias = alias }, Standalone.Scope).Status);
    }
}
