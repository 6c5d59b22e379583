namespace Elanus.Storage;

/// <summary>A place in a stored file that is not what was written there.</summary>
/// <param name="File">The file's path.</param>
/// <param name="Offset">Bytes from its start.</param>
/// <param name="Section">The section there; null where it is none's.</param>
/// <param name="What">What is wrong, in words.</param>
public sealed record StoredFileDamage(string File, long Offset, string? Section, string What)
{
    public override string ToString() => $"{File} is damaged at offset {Offset}{(Section is null ? "" : $" in section {Section}")}: {What}";
}
