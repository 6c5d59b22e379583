using System.Globalization;

namespace Elanus.Replication.Tests;

public sealed class PeerClocksTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    private readonly PeerClocks clocks = new(new(0xA), new Fixed());

    [Fact]
    public void A_clock_an_hour_off_is_told_once_with_both_clocks()
    {
        var sentence = clocks.Judge(new(0xB), Shown(TimeSpan.FromHours(1)))!;
        Assert.Contains("3600 s apart", sentence, StringComparison.Ordinal);
        Assert.Contains("2026-11-21T09:00:00Z", sentence, StringComparison.Ordinal);
        Assert.Contains("2026-11-21T08:00:00Z", sentence, StringComparison.Ordinal);
        Assert.Null(clocks.Judge(new(0xB), Shown(TimeSpan.FromSeconds(3601))));
        Assert.NotNull(clocks.Judge(new(0xC), Shown(TimeSpan.FromHours(1))));
        Assert.NotNull(clocks.Judge(new(0xB), Shown(TimeSpan.FromHours(-1))));
    }

    [Fact]
    public void A_clock_that_was_set_right_and_went_wrong_again_is_told_again()
    {
        Assert.NotNull(clocks.Judge(new(0xB), Shown(TimeSpan.FromHours(1))));
        Assert.Null(clocks.Judge(new(0xB), Shown(TimeSpan.FromSeconds(2))));
        Assert.NotNull(clocks.Judge(new(0xB), Shown(TimeSpan.FromHours(1))));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("9223372036854775807")]
    public void What_is_no_clock_is_passed_over(string? shown) => Assert.Null(clocks.Judge(new(0xB), shown));

    private static string Shown(TimeSpan apart) => (Now + apart).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private sealed class Fixed : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
