using Elanus.Clients.Etcd.Wire;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Rpc.Hosting;
using Google.Protobuf;

namespace Elanus.Clients.Etcd;

/// <summary>
/// The members of a cluster and the one that is asked at present; the token of the user. Keeps that what may not be repeated is sent a second time only where the
/// first member certainly did not take it: no connection came about, or it refused the token. Any thread may call it.
/// </summary>
internal sealed class EtcdMembers : IDisposable
{
    /// <summary>etcd closes connections that ask more often than every five seconds whether it lives.</summary>
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(6);

    /// <summary>Members compare passwords slowly, on purpose.</summary>
    private const int LoginPatience = 5;

    /// <summary>Between two tries to make a watch.</summary>
    private const int DoublingsMax = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly EtcdOptions options;
    private readonly RpcChannel[] channels;
    private readonly Lock gate = new();
    private readonly AsyncGate[] loggingIn;
    private int current;
    private RpcMetadata? token;

    public EtcdMembers(EtcdOptions options, RpcClientTls? tls)
    {
        Invariant.Holds(options.Endpoints.Length > 0, "an etcd client needs an endpoint");
        this.options = options;
        loggingIn = [.. options.Endpoints.Select(_ => new AsyncGate())];
        Name = $"etcd://{string.Join(',', options.Endpoints)}";
        var scheme = options.Tls ? "https" : "http";
        var reaching = new RpcChannelOptions
        {
            Time = options.Time,
            Tls = tls,
            ConnectTimeout = options.AttemptTimeout,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = options.AttemptTimeout * 2,
        };
        channels = [.. options.Endpoints.Select(endpoint => new RpcChannel(new Uri($"{scheme}://{endpoint}"), reaching))];
    }

    public string Name { get; }

    /// <summary>Asks as <see cref="EtcdCall{T}"/> does; whoever answers is asked from then on.</summary>
    public async ValueTask<EtcdReply<TResponse>> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, MessageParser<TResponse> parser, TRequest request, bool mayRepeat, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var (first, known) = Current();
        var logins = options.User is not null && known is null ? LoginPatience : 0;
        using var over = new CancellationTokenSource(mayRepeat ? options.AttemptTimeout * (channels.Length + logins) : Timeout.InfiniteTimeSpan, options.Time);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel, over.Token);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(late.Token);
        try
        {
            var call = new EtcdCall<TResponse>(channels.Length, first, mayRepeat, options, member => AttemptAsync(member, method, parser, request, enough.Token));
            var (member, reply) = await call.AnswerAsync(late.Token);
            Heard(member, reply.Status);
            return reply;
        }
        finally
        {
            // Whoever is late is not waited for.
            enough.Cancel();
        }
    }

    /// <summary>One message to the member that is asked at present, and one back, on a stream.</summary>
    public async ValueTask<EtcdReply<TResponse>> AskStreamAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var status = new RpcStatus(RpcStatusCode.Unavailable, "the stream did not come about");
        var member = Current().Member;
        await using var stream = await OpenAsync(method, cancel, ended => status = ended);
        TResponse? reply = null;
        if (stream is not null)
        {
            // Where it cannot be written the stream has ended, and reading tells why.
            await stream.TryWriteAsync(request, cancel);
            reply = await stream.ReadAsync(cancel);
        }

        return new(reply, status, NothingDone: false, options.Endpoints[member]);
    }

    /// <summary>A stream to the member that is asked at present; null where not even its user is known to the cluster.</summary>
    public async ValueTask<EtcdStream<TRequest, TResponse>?> OpenAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, CancellationToken cancel, Action<RpcStatus>? ended = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var (member, headers) = Current();
        if (options.User is not null && headers is null)
        {
            (headers, var status) = await LogInAsync(member, cancel);
            if (headers is null)
            {
                ended?.Invoke(status);
                return null;
            }
        }

        return new(channels[member].Open(method, new() { Headers = headers }, cancel), status =>
        {
            Heard(member, status);
            if (IsTokenRefused(status))
            {
                ForgetToken(headers);
            }

            ended?.Invoke(status);
        });
    }

    /// <summary>Lets some time pass, twice as much with each failure that went before; ends early, without an exception, when cancelled.</summary>
    public async ValueTask PauseAsync(int failures, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(Pause * (1 << Math.Min(failures, DoublingsMax)), options.Time, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The caller looks at its token next.
        }
    }

    public void Dispose()
    {
        foreach (var channel in channels)
        {
            channel.Dispose();
        }
    }

    /// <summary>The token is of no use any more. Members say so before they act on a call.</summary>
    private static bool IsTokenRefused(RpcStatus status) =>
        status.Code == RpcStatusCode.Unauthenticated
        || (status.Code == RpcStatusCode.InvalidArgument && status.Message?.Contains("revision of auth store is old", StringComparison.Ordinal) == true);

    /// <summary>Asks one member, once more where the token had run out.</summary>
    private async Task<EtcdReply<TResponse>> AttemptAsync<TRequest, TResponse>(
        int member, RpcMethod<TRequest, TResponse> method, MessageParser<TResponse> parser, TRequest request, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        for (var renewed = false; ; renewed = true)
        {
            var headers = Current().Token;
            if (options.User is not null && headers is null)
            {
                (headers, var status) = await LogInAsync(member, cancel);
                if (headers is null)
                {
                    return new(null, status, NothingDone: true, options.Endpoints[member]);
                }
            }

            var reply = await AskAsync(member, method, parser, request, new() { Headers = headers }, cancel);
            if (reply.Reply is not null || renewed || options.User is null || !IsTokenRefused(reply.Status))
            {
                return reply;
            }

            ForgetToken(headers);
        }
    }

    /// <summary>The token that there is, or a new one; null with the reason. One login at a time at each member, however many calls need it: members compare passwords slowly, and one that hangs must not keep the others' waiting.</summary>
    private async ValueTask<(RpcMetadata? Token, RpcStatus Status)> LogInAsync(int member, CancellationToken cancel)
    {
        if (!await loggingIn[member].TryEnterAsync(cancel))
        {
            return (null, new(RpcStatusCode.Cancelled, "no login in time"));
        }

        try
        {
            if (Current().Token is { } there)
            {
                return (there, RpcStatus.Ok);
            }

            var request = new AuthenticateRequest { Name = options.User, Password = options.Password ?? "" };
            var reply = await AskAsync(member, EtcdMethods.Authenticate, AuthenticateResponse.Parser, request, new() { Timeout = options.AttemptTimeout * LoginPatience }, cancel);
            if (reply.Reply is not { } granted)
            {
                return (null, reply.Status);
            }

            var fresh = new RpcMetadata().Add("token", granted.Token);
            lock (gate)
            {
                token = fresh;
            }

            return (fresh, reply.Status);
        }
        finally
        {
            loggingIn[member].Leave();
        }
    }

    private async ValueTask<EtcdReply<TResponse>> AskAsync<TRequest, TResponse>(
        int member, RpcMethod<TRequest, TResponse> method, MessageParser<TResponse> parser, TRequest request, RpcCallOptions call, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var endpoint = options.Endpoints[member];
        try
        {
            using var answer = await channels[member].CallRaw(method, RpcPayload.Of(request), call, cancel);
            if (answer.Status.IsOk)
            {
                return new(parser.ParseFrom(answer.Message.Span), answer.Status, NothingDone: false, endpoint);
            }

            Heard(member, answer.Status);

            // A full store may carry out what it answers so.
            return new(null, answer.Status, answer.NeverSent || (answer.Status.Code != RpcStatusCode.ResourceExhausted && !EtcdReply.IsAway(answer.Status)), endpoint);
        }
        catch (InvalidProtocolBufferException why)
        {
            return new(null, new(RpcStatusCode.Internal, $"what cannot be understood: {why.Message}"), NothingDone: false, endpoint);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new(null, new(RpcStatusCode.Cancelled, "nothing in time"), NothingDone: false, endpoint);
        }
    }

    private (int Member, RpcMetadata? Token) Current()
    {
        lock (gate)
        {
            return (current, token);
        }
    }

    /// <summary>Who answers is asked from now on; where one failed it is the next one's turn, unless somebody moved on before.</summary>
    private void Heard(int member, RpcStatus status)
    {
        lock (gate)
        {
            current = !EtcdReply.IsAway(status) ? member
                : current == member ? (member + 1) % channels.Length
                : current;
        }
    }

    private void ForgetToken(RpcMetadata? refused)
    {
        lock (gate)
        {
            if (token == refused)
            {
                token = null;
            }
        }
    }
}
