using Elanus.Primitives;

namespace Elanus.Replication.Tests;

public sealed class FollowedClockTests
{
    private static readonly Epoch First = new(1, new(1, 1));
    private static readonly Epoch Forced = new(2, new(2, 2));

    private readonly FollowedClock clock = new(TimeProvider.System);

    [Fact]
    public void What_the_matched_active_has_passed_is_known()
    {
        clock.Follow(First);
        clock.Told(First, new(50), 7);
        Assert.Equal(7UL, clock.EndOf(new(50)));
        Assert.Null(clock.EndOf(new(51)));
    }

    [Fact]
    public void An_active_whose_log_this_one_does_not_lead_up_to_is_not_heard()
    {
        clock.Follow(First);
        clock.Told(Forced, new(50), 7);
        Assert.Null(clock.EndOf(new(50)));
    }

    [Fact]
    public void What_an_earlier_active_said_does_not_count_in_another_history()
    {
        clock.Follow(First);
        clock.Told(First, new(50), 7);
        clock.Follow(Forced);
        Assert.Null(clock.EndOf(new(50)));
        clock.Told(First, new(60), 8);
        Assert.Null(clock.EndOf(new(50)));
        clock.Told(Forced, new(55), 5);
        Assert.Equal(5UL, clock.EndOf(new(50)));
    }
}
