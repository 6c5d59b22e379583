using System.Collections.Immutable;
using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>What a backup holds: <c>backup.json</c>, written last.</summary>
/// <param name="Format">1.</param>
/// <param name="Node">The node that it is of.</param>
/// <param name="Channel">The log's channel.</param>
/// <param name="Checkpoint">The checkpoint's file name; empty where the log is there from its beginning.</param>
/// <param name="FromPosition">The record that the checkpoint ends with, or 0.</param>
/// <param name="From">The earliest time that can be restored.</param>
/// <param name="EndPosition">The last record.</param>
/// <param name="End">The latest time: no record at or below it is missing.</param>
/// <param name="Files">All files but this one.</param>
public sealed record BackupManifest(
    int Format,
    string Node,
    uint Channel,
    string Checkpoint,
    ulong FromPosition,
    Timestamp From,
    ulong EndPosition,
    Timestamp End,
    ImmutableArray<BackupFile> Files)
{
    public const int CurrentFormat = 1;
    public const string FileName = "backup.json";

    public byte[] Write() => KeptJson.Write(json => json.WriteObject(this, BackupJson.Write), indented: true);

    /// <summary>Null where these bytes are no such manifest.</summary>
    public static BackupManifest? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return KeptJson.Read(json, BackupJson.Read);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
