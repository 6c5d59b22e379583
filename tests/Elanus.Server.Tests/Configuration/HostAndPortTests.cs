namespace Elanus.Server.Tests.Configuration;

public sealed class HostAndPortTests
{
    [Theory]
    [InlineData("db.example:19530", "db.example", 19530)]
    [InlineData("10.0.0.1:1", "10.0.0.1", 1)]
    [InlineData("[::1]:80", "::1", 80)]
    public void An_address_is_read_and_written_alike(string text, string host, int port)
    {
        Assert.True(HostAndPort.TryParse(text, out var address));
        Assert.Equal((host, port), (address.Host, address.Port));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("host")]
    [InlineData(":1")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:+1")]
    [InlineData("::1:80")]
    [InlineData("[host]:80")]
    [InlineData("ho st:80")]
    public void What_is_no_address_is_refused(string text) => Assert.False(HostAndPort.TryParse(text, out _));
}
