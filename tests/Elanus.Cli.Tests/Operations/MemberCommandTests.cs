using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli.Tests;

public sealed class MemberCommandTests
{
    [Fact]
    public void The_list_shows_the_set_first_and_then_who_is_known_and_not_in_it() => Assert.Equal(
        ["b:1 2 active", "c:1 3", "a:1 1 not in sync", "d:1 4 not in sync"],
        MemberCommand.Members(new()
        {
            Address = "a:1", Node = "1", Active = "b:1", InSync = { "b:1", "c:1" },
            Peers = { new Peer { Address = "b:1", Node = "2", InSync = true }, new Peer { Address = "d:1", Node = "4" }, new Peer { Address = "c:1", Node = "3", InSync = true } },
        }));

    [Fact]
    public void A_node_that_was_taken_out_is_listed_by_the_active_with_the_id_that_lets_it_in_again() => Assert.Equal(
        ["a:1 1 active", "b:1 2 not in sync"],
        MemberCommand.Members(new() { Address = "a:1", Node = "1", Active = "a:1", InSync = { "a:1" }, Peers = { new Peer { Address = "b:1", Node = "2" } } }));
}
