namespace Elanus.Log;

/// <summary>A place in a log's files that is not what was once durable there. The offset is in bytes from the file's start.</summary>
public sealed record LogDamage(string File, long Offset, string What)
{
    public override string ToString() =>
        $"the log is damaged: {File} at offset {Offset}: {What}. Records behind this place were durable, so starting without it would lose "
        + "them silently. `elanus verify DIR` lists all damage; `elanus salvage DIR` writes what can still be read to a file; a backup or "
        + "another member has the missing part";
}
