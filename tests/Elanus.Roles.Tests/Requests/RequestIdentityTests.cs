using Elanus.Primitives;

namespace Elanus.Roles.Tests.Requests;

public sealed class RequestIdentityTests
{
    private const string Id = "0123456789abcdef00112233445566ff";

    [Theory]
    [InlineData(Id)]
    [InlineData("01234567-89AB-CDEF-0011-2233445566ff")]
    public void An_id_is_a_uuid_with_or_without_hyphens(string text)
    {
        var read = RequestIdentity.Read(text, "Insert", "default", [1, 2, 3]).Value!.Value;
        Assert.Equal(new RequestId(0x0123456789abcdef, 0x00112233445566ff), read.Id);
        Assert.Equal(Id, read.Id.ToString());
    }

    [Theory]
    [InlineData("mine")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("{01234567-89AB-CDEF-0011-2233445566ff}")]
    public void Anything_else_is_refused_with_what_it_must_be(string text) =>
        Assert.Contains("32 hexadecimal digits", RequestIdentity.Read(text, "Insert", "default", []).Failure!.Sentence, StringComparison.Ordinal);

    [Fact]
    public void No_id_is_no_identity() => Assert.Null(RequestIdentity.Read("", "Insert", "default", [1]).Value);

    [Fact]
    public void The_content_is_the_call_its_database_and_its_bytes()
    {
        var bytes = Enumerable.Range(0, 100).Select(i => (byte)i).ToArray();
        var one = Content("Insert", "default", bytes);
        Assert.Equal(one, Content("Insert", "default", [.. bytes]));
        bytes[50] ^= 1;
        Assert.NotEqual(one, Content("Insert", "default", bytes));
        bytes[50] ^= 1;
        Assert.NotEqual(one, Content("Upsert", "default", bytes));
        Assert.NotEqual(one, Content("Insert", "other", bytes));
        Assert.NotEqual(one, Content("Insert", "default", bytes[..^1]));
    }

    private static ulong Content(string method, string database, byte[] bytes) => RequestIdentity.Read(Id, method, database, bytes).Value!.Value.Content;
}
