using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

/// <summary>
/// The column file of a sealed segment exists, or that of a compaction's output, which then takes the place of its inputs. A name of a segment that
/// is not there (any more), or that was published before, is passed over.
/// </summary>
/// <param name="Collection">The collection.</param>
/// <param name="Segment">The segment whose rows the file holds.</param>
/// <param name="File">Its name, length and checksum; a node that keeps its own files writes the same one.</param>
public sealed record Publish(CollectionId Collection, SegmentId Segment, StoredFileReference File) : DataRecord(Collection)
{
    public override ushort Kind => DataRecordKinds.Publish;
}
