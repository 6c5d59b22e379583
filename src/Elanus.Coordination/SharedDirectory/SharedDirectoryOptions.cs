namespace Elanus.Coordination;

/// <summary>How a shared directory is used; the same on all nodes.</summary>
public sealed record SharedDirectoryOptions
{
    public static readonly SharedDirectoryOptions Default = new();

    /// <summary>How often a watch looks.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The newest entries of a role that are never deleted. At least 2.</summary>
    public int KeptEntries { get; init; } = 64;
}
