namespace Elanus.Roles;

/// <summary>All coordinators' metadata at one applied position: one consistent, immutable picture.</summary>
public sealed record MetadataSnapshot(RootState Root, IndexState Indexes, LoadState Loads)
{
    public static readonly MetadataSnapshot Empty = new(RootState.Empty, IndexState.Empty, LoadState.Empty);
}
