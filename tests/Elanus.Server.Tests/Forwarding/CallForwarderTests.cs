using System.Collections.Concurrent;
using System.Net.Sockets;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Primitives;
using Microsoft.AspNetCore.Http;
using static Elanus.Server.Tests.ForwardedCalls;

namespace Elanus.Server.Tests;

/// <summary>The forwarder against active nodes that are scripted, one step an attempt: only so can a reply be lost at a chosen moment.</summary>
public sealed class CallForwarderTests : IDisposable
{
    private readonly ActiveBoard board = new();
    private readonly ScriptedActive active = new();

    public void Dispose() => active.Dispose();

    public static TheoryData<string> RepeatableCalls => ["Search", "Query", "HybridSearch", "DescribeCollection", "GetLoadingProgress", "Insert", "Upsert", "Delete"];

    [Fact]
    public async Task A_call_waits_until_an_active_is_known_and_gets_its_whole_reply()
    {
        active.Then(Reply(new MutationResult { InsertCnt = 7 }));
        var call = Send("Insert");
        Assert.False(call.IsCompleted);
        board.Post("active:1");

        var context = await call;
        Assert.Equal(7, Message<MutationResult>(context).InsertCnt);
        Assert.Equal("http://active:1" + Service + "Insert", active.Requests.Single().RequestUri!.ToString());
    }

    [Theory]
    [MemberData(nameof(RepeatableCalls))]
    public async Task A_lost_reply_is_asked_for_again_under_the_same_request_id(string method)
    {
        board.Post("active:1");
        active.Then(Broken(HttpRequestError.ResponseEnded)).Then(Reply(new MutationResult { InsertCnt = 7 }));

        Assert.Equal(7, Message<MutationResult>(await Send(method)).InsertCnt);
        var ids = active.Requests.Select(r => r.Headers.GetValues(ForwardingHeaders.RequestId).Single()).ToList();
        Assert.Equal(2, ids.Count);
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(32, ids[0].Length);
    }

    [Fact]
    public async Task An_active_that_no_longer_knows_what_became_of_a_write_is_asked_again()
    {
        board.Post("active:1");
        active.Then(Unknown()).Then(Reply(new MutationResult { InsertCnt = 7 }));
        Assert.Equal(7, Message<MutationResult>(await Send("Insert")).InsertCnt);
    }

    [Fact]
    public async Task A_connection_that_is_reset_before_anybody_looks_at_it_has_carried_nothing()
    {
        board.Post("active:1");
        active.Then(() => throw new SocketException((int)SocketError.NotConnected)).Then(Reply(new Status { Code = 0 }));
        Assert.Equal(0, Message<Status>(await Send("CreateCollection")).Code);
    }

    [Fact]
    public async Task A_connection_that_did_not_come_about_in_time_has_carried_nothing()
    {
        board.Post("active:1");
        active.Then(() => throw new TaskCanceledException("no connection", new TimeoutException())).Then(Reply(new Status { Code = 0 }));
        Assert.Equal(0, Message<Status>(await Send("CreateCollection")).Code);
    }

    [Theory]
    [InlineData("CreateCollection")]
    [InlineData("RenameCollection")]
    [InlineData("Flush")]
    public async Task A_change_without_an_id_whose_reply_is_lost_has_an_unknown_outcome(string method)
    {
        board.Post("active:1");
        active.Then(Broken(HttpRequestError.ResponseEnded));

        var status = method == "Flush" ? Message<FlushResponse>(await Send(method)).Status : Message<Status>(await Send(method));
        Assert.Equal(2, status.Code);
        Assert.Contains("outcome unknown", status.Reason, StringComparison.Ordinal);
        Assert.Single(active.Requests);
    }

    [Fact]
    public async Task A_change_that_was_never_sent_or_was_refused_by_a_standby_is_tried_again()
    {
        board.Post("active:1");
        active.Then(Broken(HttpRequestError.ConnectionError)).Then(NotActive()).Then(Reply(new Status { Code = 0 }));

        Assert.Equal(0, Message<Status>(await Send("CreateCollection")).Code);
        Assert.Equal(3, active.Requests.Count);
    }

    [Fact]
    public async Task A_call_that_waited_too_long_and_was_not_done_is_refused_with_the_active_s_address()
    {
        board.Post("active:1");
        active.Always(Broken(HttpRequestError.ConnectionError));

        var context = await Send("Insert", hold: TimeSpan.FromMilliseconds(80));
        Assert.Equal("14", context.Response.Headers["grpc-status"]);
        Assert.Contains("active:1", context.Response.Headers["grpc-message"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_waited_too_long_after_it_may_have_been_done_has_an_unknown_outcome()
    {
        board.Post("active:1");
        active.Then(Broken(HttpRequestError.ResponseEnded)).Always(Broken(HttpRequestError.ConnectionError));

        var status = Message<MutationResult>(await Send("Insert", hold: TimeSpan.FromMilliseconds(80))).Status;
        Assert.Contains("outcome unknown", status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_was_passed_on_already_is_refused_and_says_that_nothing_was_done()
    {
        var context = await Send("Insert", configure: request => request.Headers[ForwardingHeaders.Forwarded] = "1");
        Assert.Equal("14", context.Response.Headers["grpc-status"]);
        Assert.True(context.Response.Headers.ContainsKey(ForwardingHeaders.NotActive));
    }

    [Fact]
    public async Task Calls_beyond_the_bound_are_refused_at_once()
    {
        var forwarder = Forwarder(new() { HeldMax = 1 });
        var waiting = Serve(forwarder, "Insert", null);
        var refused = await Serve(forwarder, "Insert", null);
        Assert.Equal("14", refused.Response.Headers["grpc-status"]);

        active.Then(Reply(new MutationResult()));
        board.Post("active:1");
        await waiting;
        Assert.Equal(0, forwarder.Held);
    }

    [Fact]
    public async Task The_request_id_of_the_client_is_kept()
    {
        board.Post("active:1");
        active.Then(Reply(new MutationResult()));
        await Send("Insert", configure: request => request.Headers[ForwardingHeaders.RequestId] = "mine");
        Assert.Equal("mine", active.Requests.Single().Headers.GetValues(ForwardingHeaders.RequestId).Single());
    }

    [Theory]
    [InlineData("Insert")]
    [InlineData("Search")]
    public async Task An_attempt_that_a_hung_active_never_answers_ends_when_another_one_is_active(string method)
    {
        board.Post("hung:1");
        active.Silent("hung").Then(Reply(new MutationResult { InsertCnt = 7 }));
        var call = Send(method);
        await Until(() => active.Requests.Count == 1);
        board.Post("active:2");

        Assert.Equal(7, Message<MutationResult>(await call).InsertCnt);
        Assert.Equal("active:2", active.Requests[1].RequestUri!.Authority);
        Assert.Equal(
            active.Requests[0].Headers.GetValues(ForwardingHeaders.RequestId).Single(), active.Requests[1].Headers.GetValues(ForwardingHeaders.RequestId).Single());
    }

    [Fact]
    public async Task A_change_that_a_hung_active_never_answers_has_an_unknown_outcome_once_another_one_is_active()
    {
        board.Post("hung:1");
        active.Silent("hung");
        var call = Send("CreateCollection");
        await Until(() => active.Requests.Count == 1);
        board.Post("active:2");

        Assert.Contains("outcome unknown", Message<Status>(await call).Reason, StringComparison.Ordinal);
        Assert.Single(active.Requests);
    }

    [Fact]
    public async Task A_change_of_which_nothing_was_sent_to_a_host_that_is_gone_goes_to_the_next_active()
    {
        var dialled = new TaskCompletionSource();
        using var gone = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                dialled.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
                throw new InvalidOperationException("nobody is connected to");
            },
        };
        var answered = 0;
        RequestDelegate answer = _ =>
        {
            answered++;
            return Task.CompletedTask;
        };

        var forwarder = new CallForwarder(board, new(), new(gone), "http", "kites", TimeProvider.System, new SeededRandom(1), new("self:1", answer, () => false, () => null));
        board.Post("gone:1");
        var call = Serve(forwarder, "CreateCollection", null);
        await dialled.Task;
        board.Post("self:1");
        Assert.Equal(0, (await call).Response.Body.Length);
        Assert.Equal(1, answered);
    }

    [Fact]
    public async Task A_held_call_is_answered_here_once_this_node_is_the_active()
    {
        byte[]? asked = null;
        var id = "";
        RequestDelegate answer = async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            asked = body.ToArray();
            id = http.Request.Headers[ForwardingHeaders.RequestId].ToString();
        };
        var forwarder = new CallForwarder(board, new(), new(active), "http", "kites", TimeProvider.System, new SeededRandom(1), new("self:1", answer, () => false, () => null));
        var call = Serve(forwarder, "Insert", null);
        Assert.False(call.IsCompleted);
        board.Post("self:1");

        await call;
        Assert.Equal(new byte[5], asked);
        Assert.Equal(32, id.Length);
        Assert.Empty(active.Requests);
    }

    [Fact]
    public async Task A_call_from_another_node_waits_for_a_takeover_that_has_begun_and_is_refused_where_none_has()
    {
        var answered = 0;
        var takesOver = true;
        RequestDelegate answer = _ =>
        {
            answered++;
            return Task.CompletedTask;
        };
        var forwarder = new CallForwarder(board, new(), new(active), "http", "kites", TimeProvider.System, new SeededRandom(1), new("self:1", answer, () => takesOver, () => null));
        var call = Serve(forwarder, "Insert", request => request.Headers[ForwardingHeaders.Forwarded] = "1");
        Assert.False(call.IsCompleted);
        board.Post("self:1");
        Assert.False((await call).Response.Headers.ContainsKey(ForwardingHeaders.NotActive));
        Assert.Equal(1, answered);

        board.Post(null);
        var lost = Serve(forwarder, "Insert", request => request.Headers[ForwardingHeaders.Forwarded] = "1");
        takesOver = false;
        board.Post("another:2");
        Assert.True((await lost).Response.Headers.ContainsKey(ForwardingHeaders.NotActive));
        Assert.Equal(1, answered);
        Assert.Empty(active.Requests);
    }

    [Fact]
    public async Task It_says_when_calls_wait_that_the_active_does_not_answer()
    {
        var said = new ConcurrentQueue<bool>();
        var forwarder = Forwarder(new());
        forwarder.Waiting += said.Enqueue;
        active.Silent("hung");
        board.Post("hung:1");
        var hung = Serve(forwarder, "Insert", null);
        await Until(() => said.SequenceEqual([true]));
        var second = Serve(forwarder, "Search", null);
        active.Then(Reply(new MutationResult())).Then(Reply(new SearchResults()));
        board.Post("active:2");

        await Task.WhenAll(hung, second);
        Assert.False(said.Last());
        Assert.Equal(0, forwarder.Held);
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1);
        }
    }

    private Task<HttpContext> Send(string method, TimeSpan? hold = null, Action<HttpRequest>? configure = null) =>
        Serve(Forwarder(new() { HoldMax = hold ?? TimeSpan.FromSeconds(20) }), method, configure);

    private CallForwarder Forwarder(ForwardingLimits limits) =>
        new(board, limits, new(active), "http", "kites", TimeProvider.System, new SeededRandom(1));
}
