using Elanus.Log;
using Elanus.Primitives;

namespace Elanus.Roles.Tests;

/// <summary>Which checkpoints may serve: epoch 1 up to record 9, epoch 2 from its fence at 10 on.</summary>
public sealed class RecoveryChoiceTests
{
    private static readonly ChannelId Channel = new(1);
    private static readonly Epoch First = new(1, new(1, 1));
    private static readonly Epoch Second = new(2, new(2, 2));

    private static readonly EpochChain Chain = EpochChain.Empty
        .With(new(First, new(Channel, 1), Epoch.None, 0, false))
        .With(new(Second, new(Channel, 10), First, 9, false));

    [Fact]
    public void Those_on_the_chain_serve_newest_first()
    {
        var choice = RecoveryChoice.Of(Chain, 1, 20, null, [Name(Second, 20), Name(Second, 10), Name(First, 9)]);
        Assert.Equal([20, 10, 9], choice.Usable.Select(name => name.Position.Number));
        Assert.Empty(choice.Refused);
        Assert.Null(choice.Lost);
    }

    [Fact]
    public void Another_claim_of_the_same_number_is_another_history()
    {
        var choice = RecoveryChoice.Of(Chain, 1, 20, null, [Name(new(2, new(2, 3)), 15), Name(First, 12), Name(Second, 9)]);
        Assert.Empty(choice.Usable);
        Assert.Equal(3, choice.Refused.Count);
        Assert.Contains("of another history", choice.Refused[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_log_no_longer_reaches_back_to_is_passed_over()
    {
        var choice = RecoveryChoice.Of(Chain.From(10), 10, 20, null, [Name(Second, 12), Name(First, 9), Name(First, 8)]);
        Assert.Equal([12, 9], choice.Usable.Select(name => name.Position.Number));
        Assert.Empty(choice.Refused);
    }

    [Fact]
    public void One_past_the_end_of_the_last_epoch_proves_a_loss_and_one_of_another_epoch_does_not()
    {
        Assert.Contains("records up to 21 were durable, but the log ends at 20", RecoveryChoice.Of(Chain, 1, 20, null, [Name(Second, 21)]).Lost, StringComparison.Ordinal);
        var cut = RecoveryChoice.Of(Chain, 1, 20, null, [Name(new(3, new(3, 3)), 30), Name(Second, 20)]);
        Assert.Null(cut.Lost);
        Assert.Single(cut.Refused);
        Assert.Equal([20], cut.Usable.Select(name => name.Position.Number));
    }

    private static CheckpointName Name(Epoch epoch, ulong position) => new(epoch, new(Channel, position));
}
