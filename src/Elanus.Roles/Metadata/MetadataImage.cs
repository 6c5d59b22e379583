using System.Text.Json;

namespace Elanus.Roles;

/// <summary>All metadata as the commands that make it from nothing, in a fixed order: its form in checkpoints.</summary>
internal sealed record MetadataImage(RootCommand[] Root, IndexCommand[] Indexing, LoadCommand[] Loading)
{
    public static MetadataImage Of(MetadataSnapshot metadata)
    {
        var root = metadata.Root;
        RootCommand[] ceiling = root.IdCeiling > 0 ? [new RootCommand.ReserveIds(root.IdCeiling)] : [];
        return new(
            [
                .. ceiling,
                .. root.Databases.Values.Select(d => new RootCommand.PutDatabase(d)),
                .. root.Collections.Values.OrderBy(c => c.Id.Value).Select(c => new RootCommand.PutCollection(c)),
                .. root.Aliases.Values.OrderBy(a => a.Database.Value).ThenBy(a => a.Name, StringComparer.Ordinal).Select(a => new RootCommand.PutAlias(a)),
                .. root.Users.Values.Select(u => new RootCommand.PutUser(u)),
            ],
            [.. metadata.Indexes.Indexes.OrderBy(i => i.Key.Value).SelectMany(i => i.Value).Select(i => new IndexCommand.PutIndex(i))],
            [.. metadata.Loads.Loads.OrderBy(l => l.Key.Value).Select(l => new LoadCommand.PutLoad(l.Value))]);
    }

    /// <exception cref="InvalidDataException">The bytes are no such image.</exception>
    public static MetadataImage Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return KeptJson.Read<MetadataImage>(json, image => new(
                image.Member("root").Items(RootJson.Read), image.Member("indexing").Items(IndexJson.Read), image.Member("loading").Items(LoadJson.Read))) ?? throw new InvalidDataException("the metadata of a checkpoint is null");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"the metadata of a checkpoint cannot be read: {broken.Message}", broken);
        }
    }

    public byte[] Write() => KeptJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteObjects("root", Root.AsSpan(), RootJson.Write);
        json.WriteObjects("indexing", Indexing.AsSpan(), IndexJson.Write);
        json.WriteObjects("loading", Loading.AsSpan(), LoadJson.Write);
        json.WriteEndObject();
    });

    public MetadataSnapshot Build() => new(
        Root.Aggregate(RootState.Empty, (state, command) => state.Apply(command)),
        Indexing.Aggregate(IndexState.Empty, (state, command) => state.Apply(command)),
        Loading.Aggregate(LoadState.Empty, (state, command) => state.Apply(command)));
}
