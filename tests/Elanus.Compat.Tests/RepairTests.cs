namespace Elanus.Compat.Tests;

/// <summary>A byte of a standby's log is damaged while it is down: started again it says so, keeps what it had, and comes back in sync with the active's state.</summary>
public sealed class RepairTests
{
    private const string First = "first";
    private const string Second = "second";

    [Fact]
    public async Task A_standby_whose_log_is_damaged_fetches_the_active_s_state_and_takes_over()
    {
        var folder = Directory.CreateTempSubdirectory("elanus-repair-").FullName;
        try
        {
            await using var first = await MemberProcess.Start(folder, First);
            var survivors = await Survivors.Begin(first);
            var before = await MemberProcess.Start(folder, Second);
            await MemberProcess.Leads(first, 2);
            await using (var load = survivors.Write(first))
            {
                await load.More(200);
            }

            Assert.Equal(0, await before.Stop());
            Damage(Path.Combine(folder, Second, "data", "log"));
            await using var second = await MemberProcess.Start(folder, Second);
            Assert.Contains("the log is damaged", second.Output, StringComparison.Ordinal);
            Assert.Contains(Path.Combine(folder, Second, "data", "damaged"), second.Output, StringComparison.Ordinal);
            await using (var load = survivors.Write(first))
            {
                await load.More(50);
                await MemberProcess.Leads(first, 2);
                await load.More(50);
            }

            MemberProcess.Signal(folder, First, MemberProcess.Sigkill);
            await MemberProcess.Leads(second, 2);
            await survivors.Check(second);
            Assert.Equal(0, await first.Stop());
            Assert.Equal(0, await second.Stop());
            Assert.Equal(await State(folder, First), await State(folder, Second));
            var kept = Assert.Single(Directory.GetDirectories(Path.Combine(folder, Second, "data", "damaged")));
            var salvaged = await CommandRun.Of("salvage", kept, "--to", Path.Combine(folder, "rows.jsonl"));
            Assert.True(salvaged.Code == 0, salvaged.Errors);
            Assert.NotEmpty(await File.ReadAllLinesAsync(Path.Combine(folder, "rows.jsonl")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A byte in the first half of the records, with others behind it that prove that it was durable.</summary>
    private static void Damage(string log)
    {
        var path = Directory.GetFiles(log, "*.log").Order(StringComparer.Ordinal).First();
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = 2000;
        var was = file.ReadByte();
        file.Position = 2000;
        file.WriteByte((byte)(was ^ 0x10));
    }

    /// <summary>The rows and the hash of the state that a start would have.</summary>
    private static async Task<string> State(string folder, string name)
    {
        var verified = await CommandRun.Of("verify", Path.Combine(folder, name, "data"));
        Assert.True(verified.Code == 0, verified.Output + verified.Errors);
        return verified.Output.Split('\n').Single(line => line.StartsWith("state at record", StringComparison.Ordinal)).Split(": ", 2)[1];
    }
}
