namespace Elanus.Compat.Tests;

/// <summary>A member without a supervisor, and one whose supervisor is killed.</summary>
public sealed class SupervisorTests
{
    [Fact]
    public async Task Without_a_supervisor_there_is_one_process_which_a_signal_ends()
    {
        var folder = Directory.CreateTempSubdirectory("elanus-alone-").FullName;
        var node = await MemberProcess.Start(folder, "only", "--no-supervisor");
        try
        {
            Assert.Equal(node.Id, Assert.Single(MemberProcess.Over(folder, "only")).Id);
            await node.Kill();
            Assert.Empty(MemberProcess.Over(folder, "only"));

            node = await node.Restart();
            Assert.Equal(node.Id, Assert.Single(MemberProcess.Over(folder, "only")).Id);
            Assert.Equal(0, await node.Stop());
            Assert.Empty(MemberProcess.Over(folder, "only"));
        }
        finally
        {
            await node.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public Task A_server_whose_supervisor_is_killed_ends_and_its_standby_takes_over() => ClusterPair.Undisturbed(KillSupervisor);

    private static async Task KillSupervisor(ClusterPair pair)
    {
        var survivors = await Survivors.Begin(pair.First);
        await using (var dialled = survivors.Write(pair.First))
        await using (var load = survivors.Write(pair.Second))
        {
            await load.More(100);
            Assert.Equal(2, MemberProcess.Over(pair.Folder, "first").Count);
            await pair.First.Kill();
            Assert.Empty(MemberProcess.Over(pair.Folder, "first"));
            await ClusterPair.Until(pair.Second, status => status.GetProperty("role").GetString() == "active" && status.GetProperty("serving").GetBoolean());
            await load.More(100);
        }

        await survivors.Check(pair.Second);
    }
}
