using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine.Tests;

/// <summary>Segment stores in memory.</summary>
internal static class Stores
{
    public const string Folder = "data/segments";

    public static readonly CancellationToken Cancel = CancellationToken.None;

    public static DirectorySegmentStore Open(IFileSystem files) =>
        DirectorySegmentStore.OpenAsync(files, Folder, Cancel).AsTask().GetAwaiter().GetResult().Value;

    public static List<string> Names(ISegmentStore store) => [.. store.ListAsync(Cancel).AsTask().GetAwaiter().GetResult().Select(e => e.Name)];

    public static byte[] Content(MemoryFileSystem files, string name)
    {
        var file = files.OpenAsync($"{Folder}/{name}", FileIntent.Read, Cancel).AsTask().GetAwaiter().GetResult()!;
        var bytes = new byte[file.LengthAsync(Cancel).AsTask().GetAwaiter().GetResult()];
        file.ReadAsync(0, bytes, Cancel).AsTask().GetAwaiter().GetResult();
        return bytes;
    }
}
