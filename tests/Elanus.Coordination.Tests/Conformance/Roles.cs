using System.Collections.Immutable;

namespace Elanus.Coordination.Tests.Conformance;

/// <summary>Records, nonces and bounds as the tests need them.</summary>
internal static class Roles
{
    private static readonly Lock Gate = new();
    private static readonly SystemRandom Random = new();

    public static ChangeNonce Nonce()
    {
        lock (Gate)
        {
            return new(Random.NextUInt64(), Random.NextUInt64());
        }
    }

    /// <summary>A version that no store of a test ever had.</summary>
    public static RecordVersion Unheard(long number) => new(number, Nonce());

    public static Epoch Epoch(ulong number) => new(number, new(Nonce().High, Nonce().Low));

    public static RoleRecord Held(ulong epoch, ulong holder, params ulong[] others) => new(
        Epoch(epoch),
        new(holder),
        [.. others.Prepend(holder).Select(node => new Member(new(node), $"10.0.0.{node}:19530"))],
        Forced: false);

    /// <summary>Enough for any answer of a store that is well.</summary>
    public static CancellationToken Bound(int seconds = 20) => new CancellationTokenSource(TimeSpan.FromSeconds(seconds)).Token;

    /// <summary>So short that a store that does not answer costs a test little.</summary>
    public static CancellationToken Soon(int milliseconds = 150) => new CancellationTokenSource(milliseconds).Token;

    /// <summary>Asks until the answer is as wanted; fails if it is not within the bound.</summary>
    public static async Task<T> Until<T>(Func<Task<T>> ask, Func<T, bool> wanted, int seconds = 20)
    {
        var bound = Bound(seconds);
        T last;
        while (!wanted(last = await ask()))
        {
            Assert.False(bound.IsCancellationRequested, $"still {last} after {seconds} s");
            await Task.Delay(10);
        }

        return last;
    }

    public static ImmutableArray<Member> Members(params ulong[] nodes) => Held(1, nodes[0], nodes[1..]).InSync;
}
