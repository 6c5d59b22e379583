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

    public byte[] Write() => KeptJson.Write(json => json.WriteObject(this, BackupJson.WriteChecked), indented: true);

    /// <summary>Failures say what is wrong: it is no manifest, of another format, or fails its check.</summary>
    /// <param name="json">Its bytes.</param>
    /// <param name="name">What it is called in sentences.</param>
    public static Result<BackupManifest> Read(ReadOnlySpan<byte> json, string name)
    {
        Checked? read;
        try
        {
            read = KeptJson.Read(json, BackupJson.ReadChecked);
        }
        catch (JsonException broken)
        {
            return Failure.Invalid($"{name} cannot be read: {broken.Message}");
        }

        return read is null ? Failure.Invalid($"{name} cannot be read: it is null")
            : read.Manifest.Format != CurrentFormat ? Failure.Invalid($"{name} has format {read.Manifest.Format}, this version reads {CurrentFormat}")
            : read.Check is null ? Failure.Invalid($"{name} has no check: an older version wrote it, and it cannot be told whether it is as it was written; take the backup anew")
            : read.Check != BackupJson.CheckOf(read.Manifest) ? new Failure(FailureCode.Internal, $"{name} is damaged: it fails its check {read.Check}")
            : read.Manifest;
    }

    /// <summary>A manifest, and the check that stood behind it; null where none did.</summary>
    internal sealed record Checked(BackupManifest Manifest, string? Check);
}
