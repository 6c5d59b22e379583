using Elanus.Log;
using Elanus.Primitives;
using Elanus.Roles;

namespace Elanus.Server;

/// <summary>What a stopped node's directory holds.</summary>
/// <param name="Node">Whose it is.</param>
/// <param name="Log">The log's files, end and chain.</param>
/// <param name="Files">Every log file and checkpoint, with what is wrong in it.</param>
/// <param name="Recovery">The checkpoint that a start would use; null for the log alone.</param>
/// <param name="State">The recovered logical state; null where it cannot be recovered.</param>
/// <param name="Faults">All that is wrong, each in a sentence with file and place; empty where everything is whole.</param>
public sealed record DirectoryReport(
    NodeId Node, LogInspection Log, IReadOnlyList<CheckedFile> Files, CheckpointName? Recovery, RecoveredState? State, IReadOnlyList<string> Faults);
