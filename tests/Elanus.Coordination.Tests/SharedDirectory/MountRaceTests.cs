namespace Elanus.Coordination.Tests.SharedDirectory;

public sealed class MountRaceTests
{
    private const string Root = "/share";

    [Fact]
    public async Task Two_mounts_of_one_share_have_one_winner()
    {
        var share = await Share();
        var race = new MountRace(share, Root, new SystemRandom());
        var first = (await race.EnterAsync("r1", new(1))).Value;
        var second = (await new MountRace(share, Root, new SystemRandom()).EnterAsync("r1", new(2))).Value;
        Assert.Null(race.Judge(first, second));
        Assert.Null(race.Judge(second, first));
        Assert.Equal((true, false), (first.Won, second.Won));
        await race.LeaveAsync("r1");
        Assert.Empty((await share.ListAsync(Root, default))!);
    }

    [Fact]
    public async Task Two_private_directories_are_refused_by_name()
    {
        var race = new MountRace(await Share(), Root, new SystemRandom());
        var first = (await race.EnterAsync("r1", new(1))).Value;
        var second = (await new MountRace(await Share(), Root, new SystemRandom()).EnterAsync("r1", new(2))).Value;
        var failure = race.Judge(first, second);
        Assert.Contains(Root, failure?.Sentence, StringComparison.Ordinal);
        Assert.Contains("both made the same name", failure?.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Different_content_under_one_name_is_refused()
    {
        var race = new MountRace(new MemoryFileSystem(), Root, new SystemRandom());
        Assert.Contains("different content", race.Judge(new(new(1), true, new NodeId(1).ToString()), new(new(2), false, ""))?.Sentence, StringComparison.Ordinal);
        Assert.Contains("neither", race.Judge(new(new(1), false, "x"), new(new(2), false, "x"))?.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_a_sentence()
    {
        var race = new MountRace(new RealFileSystem(), "/nowhere/at/all", new SystemRandom());
        Assert.Contains("/nowhere/at/all", (await race.EnterAsync("r1", new(1))).Failure?.Sentence, StringComparison.Ordinal);
    }

    private static async Task<MemoryFileSystem> Share()
    {
        var files = new MemoryFileSystem();
        await files.CreateDirectoryAsync(Root, default);
        return files;
    }
}
