namespace Elanus.Server.Tests;

public sealed class HeldContentTests
{
    [Fact]
    public async Task What_was_given_up_before_it_began_never_begins()
    {
        using var content = new HeldContent(new byte[3]);
        Assert.True(content.GiveUp());
        using var sent = new MemoryStream();
        await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(sent));
        Assert.Equal(0, sent.Length);
        Assert.True(content.GiveUp());
    }

    [Fact]
    public async Task What_has_begun_is_not_given_up_and_may_begin_again_on_another_connection()
    {
        using var content = new HeldContent(new byte[3]);
        using var sent = new MemoryStream();
        await content.CopyToAsync(sent);
        Assert.False(content.GiveUp());
        await content.CopyToAsync(sent);
        Assert.Equal(6, sent.Length);
    }
}
