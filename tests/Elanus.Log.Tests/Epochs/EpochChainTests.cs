using Elanus.Primitives;

namespace Elanus.Log.Tests;

public sealed class EpochChainTests
{
    private static readonly ChannelId Channel = new(1);

    [Fact]
    public void A_position_stands_in_the_epoch_of_the_last_fence_at_or_before_it()
    {
        var chain = Chain((1, 1, 1), (2, 10, 1), (4, 20, 1));
        Assert.Equal([1ul, 1ul, 2ul, 2ul, 4ul], new[] { 1ul, 9ul, 10ul, 19ul, 99ul }.Select(position => chain.EpochAt(position).Number));
        Assert.Equal(Epoch.None, chain.EpochAt(0));
        Assert.Equal(4ul, chain.Last.Number);
    }

    [Fact]
    public void A_cut_takes_the_fences_behind_it_and_a_front_those_before_it()
    {
        var chain = Chain((1, 1, 1), (2, 10, 1), (4, 20, 1));
        Assert.Equal(2ul, chain.CutTo(19).Last.Number);
        Assert.Equal(4ul, chain.CutTo(20).Last.Number);
        var late = chain.From(11);
        Assert.Equal((2ul, 1), (late.Before.Number, late.Fences.Length));
        Assert.Equal(2ul, late.EpochAt(15).Number);
        Assert.Same(late, late.From(5));
    }

    [Fact]
    public void Histories_share_the_last_epoch_of_the_same_claim_up_to_where_the_first_of_them_leaves_it()
    {
        var mine = Chain((1, 1, 1), (2, 10, 1));
        Assert.Equal(15ul, EpochChain.LastShared(mine, 15, mine, 30));
        Assert.Equal(9ul, EpochChain.LastShared(mine, 15, Chain((1, 1, 1), (2, 10, 9)), 30));
        Assert.Equal(7ul, EpochChain.LastShared(mine, 15, Chain((1, 1, 1), (3, 8, 1)), 30));
        Assert.Equal(12ul, EpochChain.LastShared(mine, 15, Chain((1, 1, 1), (2, 10, 1), (3, 13, 1)), 30));
        Assert.Equal(0ul, EpochChain.LastShared(mine, 15, Chain((1, 1, 9)), 30));
        Assert.Equal(0ul, EpochChain.LastShared(mine, 15, EpochChain.Empty, 0));
    }

    [Fact]
    public void Chains_that_know_no_common_epoch_share_nothing_that_they_could_tell()
    {
        var mine = Chain((1, 1, 1), (2, 10, 1)).From(11);
        Assert.Null(EpochChain.LastShared(mine, 15, Chain((1, 1, 1)), 9));
    }

    [Fact]
    public void A_fence_that_does_not_follow_is_refused()
    {
        var chain = Chain((3, 1, 1));
        var strange = new Fence(new(4, new(1, 1)), new(Channel, 5), new(3, new(2, 2)), 4, false);
        Assert.Throws<InvariantBrokenException>(() => chain.With(strange));
    }

    private static EpochChain Chain(params (ulong Number, ulong Position, ulong Claim)[] fences) =>
        fences.Aggregate(EpochChain.Empty, (chain, fence) => chain.With(
            new(new(fence.Number, new(fence.Claim, fence.Claim)), new(Channel, fence.Position), chain.Last, fence.Position - 1, false)));
}
