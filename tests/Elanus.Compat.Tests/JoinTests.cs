using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;

namespace Elanus.Compat.Tests;

/// <summary>
/// An empty node joins an active that has let go of the beginning of its log: it copies while writes go on; either end is killed in the middle; and in the end the
/// active is killed and the joined node has every acknowledged row.
/// </summary>
public sealed class JoinTests
{
    private const string First = "first";
    private const string Second = "second";
    private const int BulkDimension = 256;
    private const int BulkRows = 2000;
    private const int Bulks = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_empty_node_joins_under_load_and_takes_over()
    {
        var folder = Directory.CreateTempSubdirectory("elanus-join-").FullName;
        try
        {
            await using var first = await MemberProcess.Start(folder, First);
            var survivors = await Filled(folder, first);
            await using (var load = survivors.Write(first))
            {
                await load.More(50);
                await using var second = await MemberProcess.Start(folder, Second);
                await MemberProcess.Leads(first, 2);
                Assert.DoesNotContain("00000000000000000001.log", LogFiles(folder, Second));
                Assert.Contains("the active's state is copied", second.Output, StringComparison.Ordinal);
                await load.More(50);
                MemberProcess.Signal(folder, First, MemberProcess.Sigkill);
                await MemberProcess.Leads(second, 2);
                await survivors.Check(second);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Either_end_is_killed_in_the_middle_of_a_copy_and_it_goes_on()
    {
        var folder = Directory.CreateTempSubdirectory("elanus-join-").FullName;
        try
        {
            await using var first = await MemberProcess.Start(folder, First);
            var survivors = await Filled(folder, first);
            var starting = MemberProcess.Start(folder, Second);
            await Halfway(folder, () => MemberProcess.Signal(folder, Second, MemberProcess.Sigkill));
            MemberProcess.Signal(folder, First, MemberProcess.Sigcont);
            await using var second = await starting;
            await Halfway(folder, () => MemberProcess.Signal(folder, First, MemberProcess.Sigkill));
            await MemberProcess.Leads(first, 2);
            await using (var load = survivors.Write(first))
            {
                await load.More(50);
            }

            MemberProcess.Signal(folder, First, MemberProcess.Sigkill);
            await MemberProcess.Leads(second, 2);
            await survivors.Check(second);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Stops the active while the other node gathers its state, and kills one of them then.</summary>
    private static async Task Halfway(string folder, Action kill)
    {
        var copy = Path.Combine(folder, Second, "data", "copy");
        await Until(() => Directory.Exists(Path.Combine(copy, "checkpoints")) && Directory.GetFiles(Path.Combine(copy, "checkpoints")).Length > 0);
        MemberProcess.Signal(folder, First, MemberProcess.Sigstop);
        var isWhole = File.Exists(Path.Combine(copy, "whole.json"));
        kill();
        Assert.False(isWhole, "the copy was whole before it could be stopped: it is too small for this test");
    }

    /// <summary>A first row of acknowledged writes, and so much besides that the log's beginning is gone.</summary>
    private static async Task<Survivors> Filled(string folder, ServerProcess first)
    {
        var survivors = await Survivors.Begin(first);
        await using (var load = survivors.Write(first))
        {
            await load.More(500);
        }

        using var channel = Survivors.Open(first);
        var schema = new CollectionSchema { Name = "bulk" };
        schema.Fields.Add(new FieldSchema { Name = "id", DataType = DataType.Int64, IsPrimaryKey = true });
        schema.Fields.Add(new FieldSchema { Name = "v", DataType = DataType.FloatVector, TypeParams = { new Milvus.Protocol.Common.KeyValuePair { Key = "dim", Value = $"{BulkDimension}" } } });
        Assert.Equal(0, (await Survivors.Call<CreateCollectionRequest, Milvus.Protocol.Common.Status>(channel, "CreateCollection", new() { CollectionName = "bulk", Schema = Google.Protobuf.MessageExtensions.ToByteString(schema) }))!.Code);
        for (var i = 0; i < Bulks; i++)
        {
            var insert = new InsertRequest { CollectionName = "bulk", NumRows = BulkRows };
            insert.FieldsData.Add(new FieldData { FieldName = "id", Type = DataType.Int64, Scalars = new() { LongData = new() { Data = { Enumerable.Range(i * BulkRows, BulkRows).Select(id => (long)id) } } } });
            insert.FieldsData.Add(new FieldData
            {
                FieldName = "v",
                Type = DataType.FloatVector,
                Vectors = new() { Dim = BulkDimension, FloatVector = new() { Data = { Enumerable.Repeat((float)i, BulkRows * BulkDimension) } } },
            });
            Assert.Equal(0, (await Survivors.Call<InsertRequest, MutationResult>(channel, "Insert", insert))!.Status.Code);
        }

        await using (var load = survivors.Write(first))
        {
            await load.Until(() => !LogFiles(folder, First).Contains("00000000000000000001.log"));
        }

        return survivors;
    }

    private static IEnumerable<string> LogFiles(string folder, string name) => Directory.GetFiles(Path.Combine(folder, name, "data", "log")).Select(path => Path.GetFileName(path));

    private static async Task Until(Func<bool> condition)
    {
        var until = DateTime.UtcNow + Patience;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < until, "waited in vain");
            await Task.Delay(1);
        }
    }
}
