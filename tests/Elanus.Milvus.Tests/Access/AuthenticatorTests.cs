using System.Security.Cryptography.X509Certificates;
using System.Text;
using Elanus.Milvus.Tests.Calls;
using Elanus.Rpc;

namespace Elanus.Milvus.Tests.Access;

public sealed class AuthenticatorTests(Standalone node) : IClassFixture<Standalone>
{
    [Fact]
    public async Task While_it_is_off_any_credential_will_do()
    {
        var off = new Authenticator(node.Proxy.Users, isOn: false);
        var call = new Call(Encoded("nobody:nothing"));
        Assert.True((await off.Check(call)).IsOk);
        Assert.Null(call.Identity);
        Assert.True((await off.Check(new Call(null))).IsOk);
    }

    [Fact]
    public async Task A_right_password_names_the_caller()
    {
        var call = new Call(Encoded("root:Milvus"));
        Assert.True((await new Authenticator(node.Proxy.Users, isOn: true).Check(call)).IsOk);
        Assert.Equal("root", call.Identity);
    }

    [Theory]
    [InlineData(null, "missing authorization in header")]
    [InlineData("***", "invalid token format")]
    [InlineData("root:wrong", "auth check failure, please check username and password are correct")]
    [InlineData("nobody:Milvus", "auth check failure, please check username and password are correct")]
    [InlineData("root:", "auth check failure, please check username and password are correct")]
    [InlineData(":", "auth check failure, please check username and password are correct")]
    [InlineData("sometoken", "auth check failure, please check api key is correct")]
    public async Task Anything_else_is_unauthenticated(string? credential, string why)
    {
        var call = new Call(credential is null or "***" ? credential : Encoded(credential));
        Assert.Equal(new RpcStatus(RpcStatusCode.Unauthenticated, why), await new Authenticator(node.Proxy.Users, isOn: true).Check(call));
        Assert.Null(call.Identity);
    }

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private sealed class Call(string? authorization) : RpcContext(RpcMethod.Of(CallRoutes.Service, "GetVersion"))
    {
        public override RpcMetadata RequestHeaders => [];

        public override DateTimeOffset? Deadline => null;

        public override CancellationToken Cancellation => CancellationToken.None;

        public override string Peer => "test";

        public override X509Certificate2? ClientCertificate => null;

        public override string? Header(string name) => name == "authorization" ? authorization : null;
    }
}
