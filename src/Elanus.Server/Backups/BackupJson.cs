using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>A backup's manifest as <see cref="KeptJson"/>.</summary>
internal static class BackupJson
{
    public static void Write(Utf8JsonWriter json, BackupManifest manifest)
    {
        json.WriteNumber("format", manifest.Format);
        json.WriteString("node", manifest.Node);
        json.WriteNumber("channel", manifest.Channel);
        json.WriteString("checkpoint", manifest.Checkpoint);
        json.WriteNumber("fromPosition", manifest.FromPosition);
        json.WriteNumber("from", (long)manifest.From.Value);
        json.WriteNumber("endPosition", manifest.EndPosition);
        json.WriteNumber("end", (long)manifest.End.Value);
        json.WriteObjects("files", manifest.Files.AsSpan(), Write);
    }

    /// <summary>All members, and behind them the check of those.</summary>
    public static void WriteChecked(Utf8JsonWriter json, BackupManifest manifest)
    {
        Write(json, manifest);
        json.WriteString("check", CheckOf(manifest));
    }

    /// <summary>What was written, and the check that stands there; null where none does.</summary>
    public static BackupManifest.Checked ReadChecked(JsonElement json) => new(Read(json), json.Find("check")?.GetString());

    /// <summary>CRC-32C, 8 hex digits, of the manifest without it and without white space.</summary>
    public static string CheckOf(BackupManifest manifest) => $"{Crc32C.Of(KeptJson.Write(json => json.WriteObject(manifest, Write))):x8}";

    public static BackupManifest Read(JsonElement json) => new(
        json.Int32("format"),
        json.Text("node"),
        json.UInt32("channel"),
        json.Text("checkpoint"),
        json.UInt64("fromPosition"),
        new((ulong)json.Int64("from")),
        json.UInt64("endPosition"),
        new((ulong)json.Int64("end")),
        json.List("files", ReadFile));

    private static void Write(Utf8JsonWriter json, BackupFile file)
    {
        json.WriteString("name", file.Name);
        json.WriteNumber("bytes", file.Bytes);
        json.WriteNumber("crc", file.Crc);
    }

    private static BackupFile ReadFile(JsonElement json) => new(json.Text("name"), json.Int64("bytes"), json.UInt32("crc"));
}
