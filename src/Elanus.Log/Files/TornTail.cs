namespace Elanus.Log;

/// <summary>The remains of a write that never finished: file, offset and bytes up to the last one that is not zero, and what was seen.</summary>
public sealed record TornTail(string File, long Offset, long Bytes, string What);
