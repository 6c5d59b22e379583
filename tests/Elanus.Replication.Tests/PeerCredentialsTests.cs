using System.Globalization;
using Elanus.Rpc;

namespace Elanus.Replication.Tests;

/// <summary>Who may connect, and what is said to whoever may not.</summary>
public sealed class PeerCredentialsTests
{
    private static readonly PeerCredentials Own = new("c", new(0xA), "secret");

    private readonly Dictionary<string, string> shown = new()
    {
        ["elanus-cluster"] = "c",
        ["elanus-node"] = "000000000000000b",
        ["elanus-token"] = "secret",
        ["elanus-format"] = $"{RecordHeader.CurrentFormat}",
    };

    [Fact]
    public void A_member_of_the_same_cluster_is_let_in_with_what_it_reads()
    {
        Assert.True(Own.Judge(Header, 1, out var caller, out var newest).IsOk);
        Assert.Equal((new NodeId(0xB), RecordHeader.CurrentFormat), (caller, newest));
    }

    [Theory]
    [InlineData("elanus-token", "other", RpcStatusCode.Unauthenticated, "cluster.token")]
    [InlineData("elanus-cluster", "d", RpcStatusCode.PermissionDenied, "'c', the caller to 'd'")]
    [InlineData("elanus-node", "nonsense", RpcStatusCode.InvalidArgument, "no node's id")]
    [InlineData("elanus-node", "000000000000000a", RpcStatusCode.FailedPrecondition, "one data directory is a copy of the other")]
    [InlineData("elanus-format", "4", RpcStatusCode.FailedPrecondition, "upgrade the older one first")]
    [InlineData("elanus-format", "0", RpcStatusCode.FailedPrecondition, "upgrade the older one first")]
    [InlineData("elanus-format", "many", RpcStatusCode.FailedPrecondition, "upgrade the older one first")]
    public void Anybody_else_is_refused_with_what_to_do(string name, string value, RpcStatusCode code, string sentence)
    {
        shown[name] = value;
        var judged = Own.Judge(Header, 1, out _, out _);
        Assert.Equal(code, judged.Code);
        Assert.Contains(sentence, judged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_format_apart_is_borne_until_the_newer_one_is_written()
    {
        shown["elanus-format"] = RecordHeader.PreviousFormat.ToString(CultureInfo.InvariantCulture);
        Assert.True(Own.Judge(Header, RecordHeader.PreviousFormat, out _, out _).IsOk);
        var judged = Own.Judge(Header, RecordHeader.CurrentFormat, out _, out _);
        Assert.Equal(RpcStatusCode.FailedPrecondition, judged.Code);
        Assert.Contains("upgrade it", judged.Message, StringComparison.Ordinal);
        shown["elanus-format"] = $"{RecordHeader.CurrentFormat + 1}";
        Assert.True(Own.Judge(Header, RecordHeader.CurrentFormat, out _, out _).IsOk);
    }

    private string? Header(string name) => shown.GetValueOrDefault(name);
}
