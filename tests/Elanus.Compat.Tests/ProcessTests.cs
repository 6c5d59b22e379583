namespace Elanus.Compat.Tests;

public sealed class ProcessTests
{
    [Fact]
    public async Task SIGTERM_ends_the_server_with_code_0()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string>());
        Assert.Matches(@"^127\.0\.0\.1:\d+$", server.Address);
        Assert.Equal(0, await server.Stop());
    }
}
