using Elanus.Clients.Etcd;
using Elanus.Coordination.Tests.Conformance;
using Elanus.Coordination.Tests.InProcess;
using Elanus.Rpc;

namespace Elanus.Coordination.Tests.Etcd;

/// <summary>Who is asked, when, and what it comes to, over members that answer when they are told to.</summary>
public sealed class EtcdCallTests
{
    private static readonly RpcStatus Refused = new(RpcStatusCode.Unavailable, "no connection");

    private readonly ManualTime time = new();
    private readonly List<(int Member, TaskCompletionSource<EtcdReply<string>> Reply)> asked = [];

    [Fact]
    public async Task What_may_be_repeated_goes_on_in_turn_while_members_are_silent_twice_to_each_at_most()
    {
        var call = Call(members: 3, first: 1, mayRepeat: true);
        await Passes(99);
        Assert.Single(asked);
        await Passes(1);
        await Asked(1, 2);
        for (var copies = 3; copies <= 6; copies++)
        {
            await Passes(100);
            await Roles.Until(() => Task.FromResult(asked.Count), count => count == copies);
        }

        Assert.Equal(0, time.Timers);
        await Asked(1, 2, 0, 1, 2, 0);

        // One that ended makes room for another.
        Answer(0, Late());
        await Passes(19);
        Assert.Equal(6, asked.Count);
        await Passes(1);
        await Asked(1, 2, 0, 1, 2, 0, 1);
        Answer(5, Is("value"));
        Assert.Equal((0, "value", true), ((await call).Member, (await call).Reply.Reply, (await call).Reply.Repeated));
    }

    [Fact]
    public async Task What_may_not_be_repeated_goes_on_only_where_it_was_certainly_not_taken()
    {
        var call = Call(members: 3, first: 0, mayRepeat: false);
        Assert.Equal(0, time.Timers);
        Answer(0, new(null, Refused, NothingDone: true, ""));
        await Asked(0, 1);
        Answer(1, Late());
        Assert.False((await call).Reply.NothingDone);
        await Asked(0, 1);
    }

    [Fact]
    public async Task Nothing_was_done_where_nobody_is_there_and_that_ends_the_call()
    {
        var call = Call(members: 2, first: 0, mayRepeat: true);
        Answer(0, new(null, Refused, NothingDone: true, ""));
        await Asked(0, 1);
        Answer(1, new(null, Refused, NothingDone: true, ""));
        Assert.True((await call).Reply is { NothingDone: true, Repeated: false });
    }

    [Fact]
    public async Task A_refusal_behind_one_that_did_not_answer_is_of_a_call_that_may_have_been_taken()
    {
        var call = Call(members: 2, first: 0, mayRepeat: true);
        await Passes(100);
        await Asked(0, 1);
        Answer(1, new(null, new(RpcStatusCode.PermissionDenied, "not you"), NothingDone: true, ""));
        Assert.True((await call).Reply is { NothingDone: false, Repeated: true });
    }

    [Fact]
    public async Task Where_it_is_cancelled_the_member_that_was_silent_for_longest_is_named()
    {
        using var enough = new CancellationTokenSource();
        var call = Call(members: 3, first: 2, mayRepeat: true, enough.Token);
        await Passes(100);
        await Asked(2, 0);
        await Passes(100);
        await Asked(2, 0, 1);
        enough.Cancel();
        Answer(1, Late());
        Assert.Equal(2, (await call).Member);
        Assert.Equal(3, asked.Count);
    }

    private static EtcdReply<string> Is(string value) => new(value, RpcStatus.Ok, NothingDone: false, "");

    private static EtcdReply<string> Late() => new(null, new(RpcStatusCode.DeadlineExceeded, "too late"), NothingDone: false, "");

    private Task<(int Member, EtcdReply<string> Reply)> Call(int members, int first, bool mayRepeat, CancellationToken cancel = default)
    {
        var options = new EtcdOptions { Endpoints = [.. Enumerable.Range(0, members).Select(member => $"{member}:1")], Time = time, HedgeAfter = TimeSpan.FromMilliseconds(100) };
        var call = new EtcdCall<string>(members, first, mayRepeat, options, member =>
        {
            asked.Add((member, new()));
            return asked[^1].Reply.Task;
        });
        return call.AnswerAsync(cancel).AsTask();
    }

    private async Task Asked(params int[] members)
    {
        await Roles.Until(() => Task.FromResult(asked.Count), count => count >= members.Length);
        Assert.Equal(members, asked.Select(copy => copy.Member));
    }

    /// <summary>Time passes for a call that waits.</summary>
    private async Task Passes(int milliseconds)
    {
        await Roles.Until(() => Task.FromResult(time.Timers), timers => timers == 1);
        time.Advance(TimeSpan.FromMilliseconds(milliseconds));
    }

    private void Answer(int copy, EtcdReply<string> reply) => asked[copy].Reply.SetResult(reply);
}
