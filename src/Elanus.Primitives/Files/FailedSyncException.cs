namespace Elanus.Primitives;

/// <summary>
/// An fsync failed. The kernel may have dropped the pages and marked them clean, so a second fsync proves nothing: the owner of the file
/// stops at once and the process ends; the next start reads what is really there.
/// </summary>
public sealed class FailedSyncException(string path, string why)
    : IOException($"fsync of {path} failed ({why}); what was written since the last one may be lost, so this process must end")
{
    public string Path { get; } = path;
}
