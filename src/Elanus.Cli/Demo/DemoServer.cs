using Elanus.Primitives;
using Elanus.Server;

namespace Elanus.Cli;

/// <summary>A standalone server inside this process, on free ports over a directory that is kept; it ends with this object.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly Task<Result<Unit>> running;

    private DemoServer(CancellationTokenSource stop, Task<Result<Unit>> running, string address)
    {
        this.stop = stop;
        this.running = running;
        Address = address;
    }

    /// <summary>HOST:PORT of the client port.</summary>
    public string Address { get; }

    public static async Task<Result<DemoServer>> Start(string dataPath, CancellationToken cancel)
    {
        var read = ConfigurationReader.Read(new()
        {
            Flags = new Dictionary<string, string> { ["--data"] = dataPath, ["--port"] = "0", ["--metrics-port"] = "0" },
            Environment = new Dictionary<string, string> { ["LOG_LEVEL"] = "warn" },
        });
        Invariant.Holds(read.Configuration is not null, "the demonstration's own configuration is refused");
        using var ready = new ReadyLine();
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = StandaloneHost.RunAsync(read.Configuration, new RealFileSystem(), ready, stop.Token);
        if (await Task.WhenAny(running, ready.Address) == running)
        {
            var ended = await running;
            stop.Dispose();
            return ended.Failure ?? new(FailureCode.Unavailable, "the server ended before it was ready");
        }

        return new DemoServer(stop, running, await ready.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }
}
