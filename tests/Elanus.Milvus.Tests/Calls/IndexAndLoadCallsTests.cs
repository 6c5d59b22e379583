namespace Elanus.Milvus.Tests.Calls;

public sealed class IndexAndLoadCallsTests(Standalone node) : IClassFixture<Standalone>
{
    [Fact]
    public async Task An_index_is_described_in_the_form_it_was_asked_for()
    {
        var name = await node.Collection(loaded: false);
        Standalone.Ok(await node.Indexes.Create(
            new()
            {
                CollectionName = name,
                FieldName = "v",
                IndexName = "by_v",
                ExtraParams = { Standalone.Pair("index_type", "IVF_FLAT"), Standalone.Pair("metric_type", "COSINE"), Standalone.Pair("params", """{"nlist":64}""") },
            },
            Standalone.Scope));
        await node.Insert(name, [1, 2, 3]);

        var described = await node.Indexes.Describe(new() { CollectionName = name }, Standalone.Scope);

        Standalone.Ok(described.Status);
        var index = Assert.Single(described.IndexDescriptions);
        Assert.Equal(("by_v", "v", Protocol.Common.IndexState.Finished), (index.IndexName, index.FieldName, index.State));
        Assert.Equal((3L, 3L, 0L), (index.TotalRows, index.IndexedRows, index.PendingIndexRows));
        Assert.Equal(
            [("index_type", "IVF_FLAT"), ("metric_type", "COSINE"), ("params", """{"nlist":64}"""), ("elanus.served_by", "HNSW")],
            index.Params.Select(p => (p.Key, p.Value)));
        Assert.Equal(index.IndexID, Assert.Single((await node.Indexes.Statistics(new() { CollectionName = name }, Standalone.Scope)).IndexDescriptions).IndexID);
        Assert.Equal(Protocol.Common.IndexState.Finished, (await node.Indexes.State(new() { CollectionName = name, FieldName = "v" }, Standalone.Scope)).State);
        Assert.Equal(3, (await node.Indexes.Progress(new() { CollectionName = name }, Standalone.Scope)).TotalRows);
    }

    [Fact]
    public async Task Flat_parameters_return_flat()
    {
        var name = await node.Collection(loaded: false);
        Standalone.Ok(await node.Indexes.Create(
            new() { CollectionName = name, FieldName = "v", ExtraParams = { Standalone.Pair("index_type", "HNSW"), Standalone.Pair("metric_type", "L2"), Standalone.Pair("M", "8"), Standalone.Pair("efConstruction", "64") } },
            Standalone.Scope));
        var index = Assert.Single((await node.Indexes.Describe(new() { CollectionName = name, IndexName = "v" }, Standalone.Scope)).IndexDescriptions);
        Assert.Equal(
            [("index_type", "HNSW"), ("metric_type", "L2"), ("M", "8"), ("efConstruction", "64")],
            index.Params.Select(p => (p.Key, p.Value)));
    }

    [Theory]
    [InlineData("""{"nlist":0}""", "nlist")]
    [InlineData("[1]", "JSON object")]
    [InlineData("{", "valid JSON")]
    public async Task Wrong_packed_parameters_are_refused(string packed, string named)
    {
        var name = await node.Collection(loaded: false);
        var status = await node.Indexes.Create(
            new() { CollectionName = name, FieldName = "v", ExtraParams = { Standalone.Pair("index_type", "IVF_FLAT"), Standalone.Pair("metric_type", "L2"), Standalone.Pair("params", packed) } },
            Standalone.Scope);
        Standalone.Refused(1100, named, status);
        Standalone.Refused(700, "index not found[collection=" + name, (await node.Indexes.Describe(new() { CollectionName = name }, Standalone.Scope)).Status);
    }

    [Fact]
    public async Task A_missing_index_is_code_700_by_its_name()
    {
        var name = await node.Collection();
        var missing = (await node.Indexes.Describe(new() { CollectionName = name, IndexName = "none" }, Standalone.Scope));
        Standalone.Refused(700, "index not found[indexName=none]", missing.Status);
        Assert.Equal(Protocol.Common.ErrorCode.IndexNotExist, missing.Status.ErrorCode);
    }

    [Fact]
    public async Task Index_properties_change_and_indexes_are_dropped()
    {
        var name = await node.Collection(loaded: false);
        Standalone.Ok(await node.Indexes.Create(new() { CollectionName = name, FieldName = "v" }, Standalone.Scope));
        Standalone.Ok(await node.Indexes.Alter(new() { CollectionName = name, IndexName = "v", ExtraParams = { Standalone.Pair("mmap.enabled", "true") } }, Standalone.Scope));
        var index = Assert.Single((await node.Indexes.Describe(new() { CollectionName = name }, Standalone.Scope)).IndexDescriptions);
        Assert.Contains(index.Params, p => p is { Key: "mmap.enabled", Value: "true" });
        Standalone.Ok(await node.Indexes.Drop(new() { CollectionName = name, FieldName = "v" }, Standalone.Scope));
        Standalone.Refused(700, "index not found", (await node.Indexes.Describe(new() { CollectionName = name }, Standalone.Scope)).Status);
    }

    [Fact]
    public async Task Loading_and_releasing_show_in_progress_and_state()
    {
        var name = await node.Collection(loaded: false);
        Standalone.Refused(700, "no vector index", await node.Loads.LoadCollection(new() { CollectionName = name }, Standalone.Scope));
        Standalone.Ok(await node.Indexes.Create(new() { CollectionName = name, FieldName = "v" }, Standalone.Scope));
        Assert.Equal(Protocol.Common.LoadState.NotLoad, State(name));
        Standalone.Refused(101, "collection not loaded[collection=" + name, node.Loads.Progress(new() { CollectionName = name }, Standalone.Scope).Status);
        Standalone.Refused(101, "collection not loaded", await node.Loads.LoadCollection(new() { CollectionName = name, Refresh = true }, Standalone.Scope));

        Standalone.Ok(await node.Loads.LoadCollection(new() { CollectionName = name, ReplicaNumber = 1 }, Standalone.Scope));
        Assert.Equal(Protocol.Common.LoadState.Loaded, State(name));
        var progress = node.Loads.Progress(new() { CollectionName = name }, Standalone.Scope);
        Assert.Equal((100L, 100L), (progress.Progress, progress.RefreshProgress));

        Standalone.Ok(await node.Loads.ReleaseCollection(new() { CollectionName = name }, Standalone.Scope));
        Assert.Equal(Protocol.Common.LoadState.NotLoad, State(name));
        Assert.Equal(Protocol.Common.LoadState.NotExist, State("nowhere"));
    }

    [Fact]
    public async Task Partitions_load_one_by_one()
    {
        var name = await node.Collection(loaded: false);
        Standalone.Ok(await node.Partitions.Create(new() { CollectionName = name, PartitionName = "p" }, Standalone.Scope));
        Standalone.Ok(await node.Indexes.Create(new() { CollectionName = name, FieldName = "v" }, Standalone.Scope));
        Standalone.Ok(await node.Loads.LoadPartitions(new() { CollectionName = name, PartitionNames = { "p" } }, Standalone.Scope));

        Assert.Equal(Protocol.Common.LoadState.Loaded, State(name, "p"));
        Assert.Equal(Protocol.Common.LoadState.NotLoad, State(name, "_default"));
        Assert.Equal(["p"], node.Partitions.Show(new() { CollectionName = name, Type = Protocol.ShowType.InMemory }, Standalone.Scope).PartitionNames);
        Standalone.Refused(200, "[partition=q]", node.Loads.State(new() { CollectionName = name, PartitionNames = { "q" } }, Standalone.Scope).Status);

        Standalone.Ok(await node.Loads.ReleasePartitions(new() { CollectionName = name, PartitionNames = { "p" } }, Standalone.Scope));
        Assert.Equal(Protocol.Common.LoadState.NotLoad, State(name));
    }

    [Fact]
    public async Task An_unknown_resource_group_is_code_300()
    {
        var name = await node.Collection();
        Standalone.Refused(300, "resource group not found[rg=gpu]", await node.Loads.LoadCollection(new() { CollectionName = name, ResourceGroups = { "gpu" } }, Standalone.Scope));
        Standalone.Ok(await node.Loads.LoadCollection(new() { CollectionName = name, ResourceGroups = { "__default_resource_group" } }, Standalone.Scope));
        Assert.Equal(Protocol.Common.LoadState.Loaded, State(name));
    }

    private Protocol.Common.LoadState State(string name, params string[] partitions) =>
        node.Loads.State(new() { CollectionName = name, PartitionNames = { partitions } }, Standalone.Scope).State;
}
