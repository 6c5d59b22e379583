using System.Runtime.InteropServices;
using Elanus.Engine;
using Elanus.Roles;
using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>Insert, upsert or delete by keys. A delete also names a key of its own that no row has, so that its record can be told from others.</summary>
public sealed class WriteOperation(WriteKind kind, string collection, string partition, IReadOnlyList<long> keys) : Operation<WriteAnswer>
{
    public override string What => $"{kind} {collection}{(partition.Length > 0 ? "/" + partition : "")} [{string.Join(',', keys)}]";

    public override string Answer => $"at {Value.Timestamp}";

    /// <summary>Calls that carry an id may be sent again: the answer is that of the first.</summary>
    public bool HasRequestId { get; init; }

    public override Timestamp Seen => Value.Timestamp;

    private RequestIdentity? Request => HasRequestId ? new(new(7, (ulong)Number), (ulong)Number) : null;

    /// <summary>Which operation a write in the log is of; null where it is of none.</summary>
    public static int? AuthorOf(Write write)
    {
        if (write.Inserts.Count > 0)
        {
            return write.Inserts[0].Rows.Find(World.TagField) is { Rows: > 0 } tags ? World.OperationOf(tags.As<long>()[0]) : null;
        }

        var own = (write.Deletes is { } deletes ? deletes.Keys.As<long>().ToArray() : []).Where(key => key < 0).ToList();
        return own.Count == 1 ? (int)-own[0] : null;
    }

    /// <summary>How a record of this operation differs from what was asked; null where it does not.</summary>
    public string? Differs(Write write)
    {
        var deleted = write.Deletes is { } deletes ? deletes.Keys.As<long>().ToArray() : [];
        var expected = kind switch
        {
            WriteKind.Insert => [],
            WriteKind.Upsert => keys,
            _ => keys.Append(-Number),
        };
        if (!deleted.Order().SequenceEqual(expected.Order()))
        {
            return $"it deletes [{string.Join(',', deleted)}]";
        }

        var rows = 0;
        foreach (var group in write.Inserts)
        {
            var written = group.Rows.Find(World.KeyField)!.As<long>();
            var tags = group.Rows.Find(World.TagField)!.As<long>();
            var vectors = group.Rows.Find(World.VectorField)!.As<float>();
            for (var i = 0; i < written.Length; i++, rows++)
            {
                if (World.OperationOf(tags[i]) != Number || World.RowOf(tags[i]) is var row && (row >= keys.Count || keys[row] != written[i])
                    || !vectors.Slice(i * World.Dimension, World.Dimension).SequenceEqual(World.Vector(tags[i])))
                {
                    return $"it writes key {written[i]} with tag {tags[i]}";
                }
            }
        }

        return rows == (kind == WriteKind.Delete ? 0 : keys.Count) ? null : $"it writes {rows} rows";
    }

    public override string? Verify(Evidence evidence)
    {
        var found = evidence.WritesOf(Number);
        if (found.Count > 0 && found[0].Position <= Floor)
        {
            return $"it stands at {found[0].Position}, at or below {Floor}, which was committed before it was asked";
        }

        if (Succeeded)
        {
            if (found.Count == 0)
            {
                return "it was acknowledged and does not stand in the log";
            }

            return found[0].Timestamp != Value.Timestamp || found[0].Position > Ceiling
                ? $"it was acknowledged at {Value.Timestamp} when {Ceiling} was committed, and stands at {found[0].Position} stamped {found[0].Timestamp}"
                : null;
        }

        if (End == CallEnd.Lost)
        {
            return null;
        }

        if (found.Count > 0)
        {
            return $"it was answered with {(Failure is { } failure ? failure : End)}, and stands in the log at {found[0].Position}";
        }

        return End == CallEnd.NotSent ? null : Excuses.For(this, Failure!, collection, partition.Length > 0 ? [partition] : [], evidence.Model);
    }

    protected override Task<Result<WriteAnswer>> Call(StandaloneNode node, CancellationToken cancel)
    {
        var writes = node.Roles.Proxy.Writes;
        return kind switch
        {
            WriteKind.Insert => writes.Insert(Rows(), cancel),
            WriteKind.Upsert => writes.Upsert(Rows(), cancel),
            _ => writes.Delete(
                new() { Database = World.Database, Collection = collection, Partition = partition, Filter = $"id in [{string.Join(',', keys.Append(-Number))}]", Request = Request },
                cancel),
        };
    }

    private InsertCall Rows()
    {
        var tags = Enumerable.Range(0, keys.Count).Select(row => World.Tag(Number, row)).ToList();
        return new()
        {
            Database = World.Database,
            Collection = collection,
            Partition = partition,
            Rows = keys.Count,
            Request = Request,
            Columns = [new(World.KeyName, World.Longs(keys)), new(World.TagName, World.Longs(tags)), new(World.VectorName, World.Vectors(tags.Select(World.Vector)))],
        };
    }
}

/// <summary>What a write does.</summary>
public enum WriteKind
{
    Insert,
    Upsert,
    Delete,
}
