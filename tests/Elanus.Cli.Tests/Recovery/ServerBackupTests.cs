using Elanus.Primitives;
using Elanus.Rpc;

namespace Elanus.Cli.Tests;

public sealed class ServerBackupTests
{
    [Fact]
    public async Task A_directory_that_is_not_empty_is_refused_before_the_server_is_asked()
    {
        var files = new MemoryFileSystem();
        Assert.True((await files.CreateDirectoryAsync("/to/something", default)).Succeeded);
        await using var work = new PooledWork(1);
        var refused = await ServerBackup.Run(files, new Unasked(), "nobody:1", null, "/to", work, (_, _) => { }, default);
        Assert.Contains("/to is not empty", refused.Failure!.Sentence, StringComparison.Ordinal);
    }

    /// <summary>A server that must not be asked.</summary>
    private sealed class Unasked : IRpcCaller
    {
        public ValueTask<RpcAnswer> CallRaw(RpcMethod method, RpcPayload request, RpcCallOptions options, CancellationToken cancel) => throw new InvalidOperationException("asked");

        public IRpcExchange OpenRaw(RpcMethod method, RpcCallOptions options, CancellationToken cancel) => throw new InvalidOperationException("asked");
    }
}
