using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Insert, delete and upsert alike: first the deletes, then the inserts, shown together or not at all. A row inserted here survives a
/// delete of its key here.
/// </summary>
/// <param name="Collection">The collection.</param>
/// <param name="SchemaVersion">Version of the schema the rows were checked against. Fields that they leave out take their default, or null.</param>
/// <param name="Deletes">Keys whose older rows die; null for none.</param>
/// <param name="Inserts">New rows by shard and partition; later rows are newer where keys repeat.</param>
public sealed record Write(CollectionId Collection, int SchemaVersion, KeyDelete? Deletes, IReadOnlyList<RowGroup> Inserts)
    : DataRecord(Collection)
{
    /// <summary>The client call behind it, where that may come again; null where nobody can repeat it.</summary>
    public RequestMark? Request { get; init; }

    public override ushort Kind => DataRecordKinds.Write;
}
