namespace Elanus.Compat.Tests;

/// <summary>What was written before there was a cluster: the directory that has it forms one, and an empty node that joins has it too.</summary>
public sealed class FormationTests
{
    private const string First = "first";
    private const string Second = "second";

    [Fact]
    public Task A_standalone_s_directory_forms_a_cluster() => Formed((_, _) => Task.CompletedTask);

    [Fact]
    public Task A_restored_backup_forms_a_cluster() => Formed(async (folder, standalone) =>
    {
        var backup = Path.Combine(folder, "backup");
        var run = await CommandRun.Of("backup", "--address", standalone.Address, backup);
        Assert.True(run.Code == 0, run.All);
        Assert.Equal(0, await standalone.Stop());
        var data = Path.Combine(folder, First, "data");
        Directory.Delete(data, recursive: true);
        run = await CommandRun.Of("restore", backup, data);
        Assert.True(run.Code == 0, run.All);
    });

    /// <param name="between">Given the folder and the standalone, does something to it before it ends.</param>
    private static async Task Formed(Func<string, ServerProcess, Task> between)
    {
        var folder = Directory.CreateTempSubdirectory("elanus-formation-").FullName;
        try
        {
            var survivors = await Standalone(folder, between);
            await using var first = await MemberProcess.Start(folder, First);
            await MemberProcess.Leads(first, 1);
            await survivors.Check(first);
            await using var second = await MemberProcess.Start(folder, Second);
            await MemberProcess.Leads(first, 2);
            await using (var load = survivors.Write(first))
            {
                await load.More(50);
            }

            await first.KillAll();
            await MemberProcess.Leads(second, 1);
            Assert.True(survivors.Acknowledged >= 150);
            await survivors.Check(second);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Leaves the rows of a server that was alone in the first node's directory.</summary>
    private static async Task<Survivors> Standalone(string folder, Func<string, ServerProcess, Task> between)
    {
        var server = await ServerProcess.Start(new Dictionary<string, string>(), Directory.CreateDirectory(Path.Combine(folder, First)).FullName);
        try
        {
            var survivors = await Survivors.Begin(server);
            await using (var load = survivors.Write(server))
            {
                await load.More(100);
            }

            await between(folder, server);
            return survivors;
        }
        finally
        {
            Assert.Equal(0, await server.Stop());
        }
    }
}
