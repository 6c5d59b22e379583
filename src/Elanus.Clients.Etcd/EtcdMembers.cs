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
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly EtcdOptions options;
    private readonly RpcChannel[] channels;
    private readonly Lock gate = new();
    private int current;
    private RpcMetadata? token;

    public EtcdMembers(EtcdOptions options, RpcClientTls? tls)
    {
        Invariant.Holds(options.Endpoints.Length > 0, "an etcd client needs an endpoint");
        this.options = options;
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

    /// <summary>Asks the members in turn, each at most once, and once more where the token had run out.</summary>
    public async ValueTask<EtcdReply<TResponse>> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, MessageParser<TResponse> parser, TRequest request, bool mayRepeat, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var reply = default(EtcdReply<TResponse>);
        var renewed = false;
        for (var asked = 0; asked < channels.Length;)
        {
            var (member, headers) = Current();
            if (options.User is not null && headers is null)
            {
                var login = await LogInAsync(member, cancel);
                if (login.Reply is null)
                {
                    reply = new(null, login.Status, NothingDone: true, login.Endpoint);
                    if (!IsAway(login.Status) || cancel.IsCancellationRequested)
                    {
                        return reply;
                    }

                    asked++;
                    continue;
                }

                headers = Current().Token;
            }

            reply = await AskAsync(member, method, parser, request, new() { Headers = headers, Timeout = mayRepeat ? options.AttemptTimeout : null }, cancel);
            if (reply.Reply is not null || cancel.IsCancellationRequested)
            {
                return reply;
            }

            if (IsTokenRefused(reply.Status) && options.User is not null && !renewed)
            {
                renewed = true;
                ForgetToken(headers);
                continue;
            }

            if (!IsAway(reply.Status) || !(mayRepeat || reply.NothingDone))
            {
                return reply;
            }

            asked++;
        }

        return reply;
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
            if ((await LogInAsync(member, cancel)) is { Reply: null } refused)
            {
                ended?.Invoke(refused.Status);
                return null;
            }

            headers = Current().Token;
        }

        return new(channels[member].Open(method, new() { Headers = headers }, cancel), status =>
        {
            Left(member, status);
            if (IsTokenRefused(status))
            {
                ForgetToken(headers);
            }

            ended?.Invoke(status);
        });
    }

    /// <summary>Lets some time pass; ends early, without an exception, when cancelled.</summary>
    public async ValueTask PauseAsync(CancellationToken cancel)
    {
        try
        {
            await Task.Delay(Pause, options.Time, cancel);
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

    /// <summary>Whether another member may do better.</summary>
    private static bool IsAway(RpcStatus status) =>
        status.Code is RpcStatusCode.Unavailable or RpcStatusCode.DeadlineExceeded or RpcStatusCode.Cancelled or RpcStatusCode.Internal or RpcStatusCode.Unknown;

    /// <summary>The token is of no use any more. Members say so before they act on a call.</summary>
    private static bool IsTokenRefused(RpcStatus status) =>
        status.Code == RpcStatusCode.Unauthenticated
        || (status.Code == RpcStatusCode.InvalidArgument && status.Message?.Contains("revision of auth store is old", StringComparison.Ordinal) == true);

    private async ValueTask<EtcdReply<AuthenticateResponse>> LogInAsync(int member, CancellationToken cancel)
    {
        var request = new AuthenticateRequest { Name = options.User, Password = options.Password ?? "" };
        var reply = await AskAsync(member, EtcdMethods.Authenticate, AuthenticateResponse.Parser, request, new() { Timeout = options.AttemptTimeout * LoginPatience }, cancel);
        if (reply.Reply is { } granted)
        {
            lock (gate)
            {
                token = new RpcMetadata().Add("token", granted.Token);
            }
        }

        return reply;
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

            Left(member, answer.Status);
            return new(null, answer.Status, answer.NeverSent || !IsAway(answer.Status), endpoint);
        }
        catch (InvalidProtocolBufferException why)
        {
            return new(null, new(RpcStatusCode.Internal, $"what cannot be understood: {why.Message}"), NothingDone: false, endpoint);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            var late = new RpcStatus(RpcStatusCode.Cancelled, "nothing in time");
            Left(member, late);
            return new(null, late, NothingDone: false, endpoint);
        }
    }

    private (int Member, RpcMetadata? Token) Current()
    {
        lock (gate)
        {
            return (current, token);
        }
    }

    /// <summary>The next member's turn, where this one failed and nobody moved on before.</summary>
    private void Left(int member, RpcStatus status)
    {
        lock (gate)
        {
            if (IsAway(status) && current == member)
            {
                current = (member + 1) % channels.Length;
            }
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
