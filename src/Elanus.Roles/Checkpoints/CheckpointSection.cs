namespace Elanus.Roles;

/// <summary>
/// A named part of a checkpoint: its bytes in order, some megabytes at a time, each made when it is asked for. Making one is computing and
/// happens on the work seam; the memory must not change until the next is asked for.
/// </summary>
public sealed record CheckpointSection(string Name, IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Parts)
{
    public static CheckpointSection Of(string name, ReadOnlyMemory<byte> bytes) => new(name, [[bytes]]);
}
