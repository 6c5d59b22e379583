using System.Collections.Concurrent;

namespace Elanus.Server.Tests;

/// <summary>Answers each attempt with the next step of a script, then with the last one for ever.</summary>
internal sealed class ScriptedActive : HttpMessageHandler
{
    private readonly ConcurrentQueue<Func<HttpResponseMessage>> steps = new();
    private string? silent;
    private Func<HttpResponseMessage> always = () => throw new InvalidOperationException("no further attempt was expected");

    public List<HttpRequestMessage> Requests { get; } = [];

    /// <summary>What came with them.</summary>
    public ConcurrentQueue<byte[]> Sent { get; } = new();

    public ScriptedActive Then(Func<HttpResponseMessage> step)
    {
        steps.Enqueue(step);
        return this;
    }

    public void Always(Func<HttpResponseMessage> step) => always = step;

    /// <summary>Attempts to this host are never answered.</summary>
    public ScriptedActive Silent(string host)
    {
        silent = host;
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (Requests)
        {
            Requests.Add(request);
        }

        Sent.Enqueue(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        if (request.RequestUri!.Host == silent)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return (steps.TryDequeue(out var step) ? step : always)();
    }
}
