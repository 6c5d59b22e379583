using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Column files that no segment needs any more are deleted, each when its last pin goes, with what nodes built beside them. The
/// collection may be gone. A file that a segment (again) stands on is passed over.
/// </summary>
public sealed record Drop(CollectionId Collection, ImmutableArray<DroppedFile> Files) : DataRecord(Collection)
{
    public override ushort Kind => DataRecordKinds.Drop;
}
