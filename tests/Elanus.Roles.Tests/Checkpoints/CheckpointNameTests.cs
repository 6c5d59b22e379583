using Elanus.Primitives;

namespace Elanus.Roles.Tests;

public sealed class CheckpointNameTests
{
    private static readonly ChannelId Channel = new(1);

    [Fact]
    public void A_name_says_epoch_claim_and_position_and_is_read_back()
    {
        var name = new CheckpointName(new(3, new(0xAB, ulong.MaxValue)), new(Channel, 12345));
        Assert.Equal("00000000000000000003-00000000000000abffffffffffffffff-00000000000000012345.checkpoint", name.ToString());
        Assert.True(CheckpointName.TryParse(name.ToString(), Channel, out var read));
        Assert.Equal(name, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000000000000003-00000000000000abffffffffffffffff-00000000000000012345")]
    [InlineData("3-00000000000000abffffffffffffffff-12345.checkpoint")]
    [InlineData("00000000000000000003-00000000000000ABFFFFFFFFFFFFFFFF-00000000000000012345.checkpoint")]
    [InlineData("00000000000000000003-00000000000000zzffffffffffffffff-00000000000000012345.checkpoint")]
    public void Other_names_are_none(string file) => Assert.False(CheckpointName.TryParse(file, Channel, out _));
}
