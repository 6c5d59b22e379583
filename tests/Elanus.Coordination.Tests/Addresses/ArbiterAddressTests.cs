namespace Elanus.Coordination.Tests.Addresses;

public sealed class ArbiterAddressTests
{
    [Theory]
    [InlineData("etcd://h:2379", "etcd://h:2379")]
    [InlineData("etcd://10.0.0.1:2379,10.0.0.2:2379,[::1]:2379", "etcd://10.0.0.1:2379,10.0.0.2:2379,[::1]:2379")]
    [InlineData("etcd://root:se%40cret@h:1/some/prefix?tls=true", "etcd://h:1")]
    [InlineData("dir:/mnt/share/elanus/", "dir:/mnt/share/elanus")]
    [InlineData("postgres://u:p%2Fw@db.example/elanus", "postgres://db.example:5432/elanus")]
    [InlineData("postgresql://u@[::1]:6000/elanus?sslmode=disable", "postgres://[::1]:6000/elanus")]
    public async Task What_is_written_right_is_opened_under_a_name_without_credentials(string text, string name)
    {
        var address = ArbiterAddress.Parse(text).Value;
        Assert.Equal(name, address.Name);
        await using var arbiter = address.Open(new MemoryFileSystem(), TimeProvider.System, new SystemRandom()).Value;
        Assert.Equal(name, arbiter.Name);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("h:2379", "neither a store")]
    [InlineData("zk://h:2181", "'zk' is no store")]
    [InlineData("dir:relative/path", "absolute path")]
    [InlineData("dir:", "absolute path")]
    [InlineData("dir:/", "absolute path")]
    [InlineData("etcd://", "'' is not HOST:PORT")]
    [InlineData("etcd://h", "'h' is not HOST:PORT")]
    [InlineData("etcd://h:0", "'h:0' is not HOST:PORT")]
    [InlineData("etcd://h:2379,g:99999", "'g:99999' is not HOST:PORT")]
    [InlineData("etcd://h:2379,", "'' is not HOST:PORT")]
    [InlineData("etcd://::1:2379", "'::1:2379' is not HOST:PORT")]
    [InlineData("etcd://user@h:2379", "needs a password")]
    [InlineData("etcd://h:2379?tsl=true", "not 'tsl'")]
    [InlineData("etcd://h:2379?tls=yes", "not 'yes'")]
    [InlineData("etcd://h:2379?cert=/c.pem", "come together")]
    [InlineData("etcd://h:2379?tls=false&ca=/c.pem", "tls=false")]
    [InlineData("postgres://h/db", "needs a user")]
    [InlineData("postgres://u:p@h", "/DATABASE")]
    [InlineData("postgres://u:p@a,b/db", "not one HOST")]
    [InlineData("postgres://u:p@h/db?sslmode=maybe", "not 'maybe'")]
    public void What_is_written_wrong_is_named_with_what_is_allowed(string text, string wrong)
    {
        var failure = ArbiterAddress.Parse(text).Failure;
        Assert.Contains(wrong, failure?.Sentence, StringComparison.Ordinal);
        Assert.Contains("etcd://", failure!.Sentence, StringComparison.Ordinal);
        Assert.Contains("dir:/PATH", failure.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("etcd://root:hunter2@h")]
    [InlineData("postgres://root:hunter2@h")]
    [InlineData("zk://root:hunter2@h:1")]
    [InlineData("root:hunter2@h:1")]
    public void No_message_shows_a_password(string text) =>
        Assert.DoesNotContain("hunter2", ArbiterAddress.Parse(text).Failure!.Sentence, StringComparison.Ordinal);

    [Fact]
    public void A_certificate_that_is_not_there_is_named()
    {
        var failure = ArbiterAddress.Parse("etcd://h:1?ca=/no/such.pem").Value.Open(new MemoryFileSystem(), TimeProvider.System, new SystemRandom()).Failure;
        Assert.Contains("/no/such.pem", failure?.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("etcd://root:se?cret@h:2379")]
    [InlineData("etcd://root:12?secret@h:2379")]
    [InlineData("etcd://root:1?a=secret@h:2379")]
    [InlineData("postgres://u:12?secret@h/db")]
    public void A_password_that_ends_the_address_is_not_shown(string text)
    {
        var sentence = ArbiterAddress.Parse(text).Failure!.Sentence;
        Assert.Contains("percent-encoded", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("cret", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("12", sentence, StringComparison.Ordinal);
    }
}
