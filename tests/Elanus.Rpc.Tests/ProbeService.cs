using System.Collections.Concurrent;
using Elanus.Rpc.Tests.Protocol;

namespace Elanus.Rpc.Tests;

/// <summary>Serves tests/Protos/probe.proto and remembers what happened to calls that never answered.</summary>
internal sealed class ProbeService
{
    /// <summary>Texts of the calls to Hang that began, and of those that saw their cancellation.</summary>
    public ConcurrentQueue<string> Hanging { get; } = [];

    public ConcurrentQueue<string> Cancelled { get; } = [];

    public RpcService Build() => new RpcServiceBuilder(ProbeReflection.Descriptor.Services[0])
        .Unary<Ask, Told>("Echo", (ask, _) => new(Echo(ask)))
        .UnaryRaw("EchoRaw", (bytes, _) => new(RpcReply.Of(bytes)))
        .Unary<Ask, Told>("Fail", (ask, _) => new(new RpcStatus((RpcStatusCode)ask.Count, ask.Text)))
        .Unary<Ask, Told>("Break", (_, _) => throw new InvalidOperationException("broken on demand"))
        .Unary<Ask, Told>("Hang", Hang)
        .Unary<Ask, Told>("Describe", Describe)
        .ServerStreaming<Ask, Told>("CountUp", CountUp)
        .ClientStreaming<Ask, Told>("Sum", Sum)
        .Duplex<Ask, Told>("Chat", Chat)
        .Build();

    private static Told Echo(Ask ask) => new() { Text = ask.Text, Data = ask.Data, Count = ask.Count };

    private static ValueTask<RpcResult<Told>> Describe(Ask ask, RpcContext call)
    {
        call.ResponseHeaders.Add("probe-head", "h").Add("probe-head-bin", new byte[] { 0, 255 });
        call.ResponseTrailers.Add("probe-tail", "t");
        var data = call.RequestHeaders.TryGetBytes(ask.Text, out var bytes) ? Google.Protobuf.ByteString.CopyFrom(bytes.Span) : Google.Protobuf.ByteString.Empty;
        return new(new Told
        {
            Text = call.RequestHeaders.Get(ask.Text) ?? "",
            Data = data,
            Count = call.Deadline is { } deadline ? (int)(deadline - DateTimeOffset.UtcNow).TotalSeconds : -1,
        });
    }

    private static async ValueTask<RpcStatus> CountUp(Ask ask, RpcWriter<Told> told, RpcContext call)
    {
        for (var i = 0; i < ask.Count; i++)
        {
            await told.Write(new() { Count = i, Data = ask.Data });
        }

        call.ResponseTrailers.Add("probe-tail", "t");
        return ask.Text.Length == 0 ? RpcStatus.Ok : new(RpcStatusCode.Aborted, ask.Text);
    }

    private static async ValueTask<RpcResult<Told>> Sum(RpcReader<Ask> asks, RpcContext call)
    {
        var sum = 0;
        while (await asks.Read() is { } ask)
        {
            sum += ask.Count;
        }

        return new Told { Count = sum };
    }

    private static async ValueTask<RpcStatus> Chat(RpcReader<Ask> asks, RpcWriter<Told> told, RpcContext call)
    {
        await told.SendHeaders();
        while (await asks.Read() is { } ask)
        {
            await told.Write(Echo(ask));
        }

        return RpcStatus.Ok;
    }

    private async ValueTask<RpcResult<Told>> Hang(Ask ask, RpcContext call)
    {
        Hanging.Enqueue(ask.Text);
        try
        {
            await Task.Delay(Timeout.Infinite, call.Cancellation);
        }
        catch (OperationCanceledException)
        {
            Cancelled.Enqueue(ask.Text);
            throw;
        }

        return new Told();
    }
}
