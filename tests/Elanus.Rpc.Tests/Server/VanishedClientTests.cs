using System.IO.Pipelines;
using Elanus.Rpc.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Elanus.Rpc.Tests.Server;

/// <summary>Clients that leave while they send are no fault of the server, and its log does not say so.</summary>
public class VanishedClientTests
{
    [Theory]
    [InlineData("Echo")]
    [InlineData("EchoRaw")]
    public async Task A_stream_that_is_reset_inside_a_message_is_no_failure_of_the_handler(string method)
    {
        // The web server's pipe throws when the stream is reset, and may do so before it says that the request is aborted.
        var log = new Levels();
        var endpoint = new RpcHttpEndpoint(new([new ProbeService().Build()]), RpcLimits.Server, TimeProvider.System, log);
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new ResetBody());
        context.Request.Protocol = HttpProtocol.Http2;
        context.Request.Method = HttpMethods.Post;
        context.Request.ContentType = "application/grpc";
        context.Request.Path = "/elanus.rpc.tests.Probe/" + method;

        await endpoint.Serve(context);

        Assert.Equal("1", context.Response.Headers["grpc-status"]);
        Assert.NotEmpty(log.Seen);
        Assert.DoesNotContain(log.Seen, level => level >= LogLevel.Information);
    }

    /// <summary>A body that gives a message's beginning and is reset.</summary>
    private sealed class ResetBody : PipeReader, IRequestBodyPipeFeature
    {
        public PipeReader Reader => this;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            new(new ReadResult(new(RawCall.Frame([1, 2, 3], length: 1000)), isCanceled: false, isCompleted: false));

        public override void AdvanceTo(SequencePosition consumed) => throw new IOException("The client reset the request stream.");

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => AdvanceTo(consumed);

        public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

        public override void CancelPendingRead()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }

    private sealed class Levels : ILogger
    {
        public List<LogLevel> Seen { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Seen.Add(logLevel);
    }
}
