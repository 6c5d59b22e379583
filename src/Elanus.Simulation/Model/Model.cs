using Elanus.Engine;
using Elanus.Roles;

namespace Elanus.Simulation;

/// <summary>
/// What the records of a log mean, by a second and simpler reading: rows, and what names are bound to. It keeps every position at once, so that a
/// read is checked against whatever position it may have seen.
/// </summary>
public sealed class Model
{
    private readonly Dictionary<CollectionId, ModelCollection> collections = [];
    private readonly Dictionary<CollectionId, string> nameOf = [];
    private readonly Dictionary<CollectionId, HashSet<string>> partitionsOf = [];
    private readonly List<ulong> metadataChanges = [];

    /// <summary>Every record up to here is in it.</summary>
    public ulong Position { get; private set; }

    /// <summary>Names of collections.</summary>
    public Intervals<string, CollectionId> Names { get; } = new();

    public Intervals<string, CollectionId> Aliases { get; } = new();

    /// <summary>Collections that have a name.</summary>
    public Intervals<CollectionId, bool> Named { get; } = new();

    /// <summary>Partitions by collection and name.</summary>
    public Intervals<(CollectionId, string), PartitionId> PartitionNames { get; } = new();

    /// <summary>Fields by collection and name.</summary>
    public Intervals<(CollectionId, string), bool> Fields { get; } = new();

    /// <summary>Collections that are loaded.</summary>
    public Intervals<CollectionId, bool> Loads { get; } = new();

    /// <summary>Collections that have an index.</summary>
    public Intervals<CollectionId, bool> Indexed { get; } = new();

    public ModelCollection? Find(CollectionId id) => collections.GetValueOrDefault(id);

    public IEnumerable<ModelCollection> At(ulong position) => collections.Values.Where(c => c.Exists(position));

    /// <summary>The collection that a name or an alias led to at a position.</summary>
    public CollectionId? Resolve(string name, ulong position)
    {
        if (Names.At(name, position) is { } named)
        {
            return named;
        }

        return Aliases.At(name, position) is { } alias && Named.At(alias, position) is true ? alias : null;
    }

    /// <summary>Whether the metadata was as asked at any position of a range.</summary>
    public bool Held(ulong least, ulong most, Func<ulong, bool> asked) =>
        asked(least) || metadataChanges.Exists(at => at > least && at <= most && asked(at));

    public void Apply(LoggedRecord record)
    {
        Position = record.Position;
        if (record.Kind is MetadataRecordKinds.Root or MetadataRecordKinds.Loading or MetadataRecordKinds.Indexing)
        {
            metadataChanges.Add(Position);
        }

        switch (record.Kind)
        {
            case MetadataRecordKinds.Root:
                Root(MetadataCommands.Decode<RootCommand>(record.Payload));
                break;
            case MetadataRecordKinds.Loading:
                Loading(MetadataCommands.Decode<LoadCommand>(record.Payload));
                break;
            case MetadataRecordKinds.Indexing:
                if (MetadataCommands.Decode<IndexCommand>(record.Payload) is IndexCommand.PutIndex put && nameOf.ContainsKey(put.Index.Collection))
                {
                    Indexed.Set(put.Index.Collection, Position, true);
                }

                break;
            case var kind when DataRecordKinds.Contains(kind):
                Data(record.Data!);
                break;
        }
    }

    private void Root(RootCommand command)
    {
        switch (command)
        {
            case RootCommand.PutCollection { Collection: var put }:
                if (nameOf.TryGetValue(put.Id, out var before) && before != put.Name)
                {
                    Names.Set(before, Position, null);
                }

                nameOf[put.Id] = put.Name;
                Names.Set(put.Name, Position, put.Id);
                Named.Set(put.Id, Position, true);
                Partitions(put);
                foreach (var field in put.Schema.Fields)
                {
                    Fields.Set((put.Id, field.Name), Position, true);
                }

                break;
            case RootCommand.RemoveCollection remove:
                if (nameOf.Remove(remove.Collection, out var name))
                {
                    Names.Set(name, Position, null);
                    Named.Set(remove.Collection, Position, null);
                    Loads.Set(remove.Collection, Position, null);
                    Indexed.Set(remove.Collection, Position, null);
                }

                break;
            case RootCommand.PutAlias put:
                Aliases.Set(put.Alias.Name, Position, put.Alias.Collection);
                break;
            case RootCommand.RemoveAlias remove:
                Aliases.Set(remove.Name, Position, null);
                break;
        }
    }

    private void Partitions(CollectionInfo put)
    {
        var names = put.Partitions.Select(p => p.Name).ToHashSet();
        if (partitionsOf.TryGetValue(put.Id, out var before))
        {
            foreach (var gone in before.Except(names))
            {
                PartitionNames.Set((put.Id, gone), Position, null);
            }
        }

        partitionsOf[put.Id] = names;
        foreach (var partition in put.Partitions)
        {
            PartitionNames.Set((put.Id, partition.Name), Position, partition.Id);
        }
    }

    private void Loading(LoadCommand command)
    {
        switch (command)
        {
            case LoadCommand.PutLoad put when nameOf.ContainsKey(put.Load.Collection):
                Loads.Set(put.Load.Collection, Position, true);
                break;
            case LoadCommand.RemoveLoad remove:
                Loads.Set(remove.Collection, Position, null);
                break;
        }
    }

    private void Data(DataRecord record)
    {
        if (record is CollectionCreated created)
        {
            var made = collections[created.Collection] = new(created.Collection, Position);
            foreach (var partition in created.Partitions)
            {
                made.AddPartition(partition, Position);
            }

            return;
        }

        if (!collections.TryGetValue(record.Collection, out var collection) || !collection.Exists(Position))
        {
            return;
        }

        switch (record)
        {
            case CollectionDropped:
                collection.Drop(Position);
                break;
            case PartitionCreated partition:
                collection.AddPartition(partition.Partition, Position);
                break;
            case PartitionDropped partition:
                collection.DropPartition(partition.Partition, Position);
                break;
            case Truncated:
                collection.Truncate(Position);
                break;
            case Write write:
                Write(collection, write);
                break;
        }
    }

    private void Write(ModelCollection collection, Write write)
    {
        if (write.Deletes is { } deletes)
        {
            collection.Delete(deletes.Keys.As<long>().ToArray(), deletes.Partitions, Position);
        }

        foreach (var group in write.Inserts)
        {
            var keys = group.Rows.Find(World.KeyField)!.As<long>();
            var tags = group.Rows.Find(World.TagField)!.As<long>();
            for (var row = 0; row < keys.Length; row++)
            {
                collection.Insert(keys[row], tags[row], group.Partition, Position);
            }
        }
    }
}
