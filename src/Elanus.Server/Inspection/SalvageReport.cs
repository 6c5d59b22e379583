namespace Elanus.Server;

/// <summary>What a salvage found.</summary>
/// <param name="Checkpoint">The checkpoint whose rows were written; null where none could be read.</param>
/// <param name="CheckpointRows">Rows of it that were written.</param>
/// <param name="Records">Records of the log that were whole.</param>
/// <param name="LogRows">Rows inserted by them.</param>
/// <param name="Tails">Files of records that were kept because another history replaced them, in the order of their epochs.</param>
/// <param name="KeptDirectories">Paths of what the node held before, whole; each is a directory to salvage.</param>
/// <param name="Unreadable">What could not be read, each in a sentence.</param>
public sealed record SalvageReport(
    string? Checkpoint, long CheckpointRows, long Records, long LogRows, IReadOnlyList<SalvagedTail> Tails, IReadOnlyList<string> KeptDirectories, IReadOnlyList<string> Unreadable);
