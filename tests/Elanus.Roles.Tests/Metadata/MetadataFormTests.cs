using System.Text;
using Elanus.Primitives;
using Elanus.Primitives.Tests;

namespace Elanus.Roles.Tests;

/// <summary>Each command, of whatever kind there is, stands in the log as it always did.</summary>
public sealed class MetadataFormTests
{
    [Fact]
    public void Commands_of_the_root_coordinator_are_what_reflection_makes_of_them() => Assert.Empty(Differences<RootCommand>());

    [Fact]
    public void Commands_of_the_index_coordinator_are_what_reflection_makes_of_them() => Assert.Empty(Differences<IndexCommand>());

    [Fact]
    public void Commands_of_the_query_coordinator_are_what_reflection_makes_of_them() => Assert.Empty(Differences<LoadCommand>());

    [Fact]
    public void A_database_with_a_limit_is_what_reflection_makes_of_it() => Assert.Empty(KeptForm.Differences<RootCommand>(
        new RootCommand.PutDatabase(new() { Id = new(1), Name = "d", Created = new(5), Properties = Properties((DatabaseInfo.CollectionsMaxProperty, "7")) }),
        command => MetadataCommands.Encode(command).ToArray(),
        bytes => MetadataCommands.Decode<RootCommand>(bytes)));

    [Fact]
    public void All_of_it_in_a_checkpoint_is_what_reflection_makes_of_it() => Assert.Empty(KeptForm.Differences<MetadataImage>(image => image.Write(), bytes => MetadataImage.Read(bytes)));

    [Fact]
    public void A_checkpoints_head_is_what_reflection_makes_of_it() => Assert.Empty(KeptForm.Differences<CheckpointHead>(head => head.Write(), bytes => CheckpointHead.Read(bytes)));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"ceiling\":5}")]
    [InlineData("{\"$type\":\"put-everything\"}")]
    [InlineData("{\"$type\":\"put-database\"}")]
    public void What_is_no_command_is_corruption(string text) =>
        Assert.Throws<InvalidDataException>(() => MetadataCommands.Decode<RootCommand>(Encoding.UTF8.GetBytes(text)));

    private static IReadOnlyList<string> Differences<TCommand>()
        where TCommand : class, IMetadataCommand<TCommand> =>
        KeptForm.Differences<TCommand>(command => MetadataCommands.Encode(command).ToArray(), bytes => MetadataCommands.Decode<TCommand>(bytes));

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> Properties((string Key, string Value) one) =>
        System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add(one.Key, one.Value);
}
