using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>What a backup will hold, and where each file's bytes are: in memory or in a file. Its owner holds the pins until the last byte is read.</summary>
public sealed record BackupPlan(BackupManifest Manifest, ImmutableArray<BackupPlan.Source> Sources)
{
    private const int ChunkBytes = 256 * 1024;

    public long Bytes => Sources.Sum(source => source.Bytes);

    /// <summary>The bytes of all files, one after another, as much of each as was planned. A chunk's memory is valid until the next.</summary>
    public async IAsyncEnumerable<(string Name, ReadOnlyMemory<byte> Bytes)> Read(
        IFileSystem files, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var buffer = new byte[ChunkBytes];
        foreach (var source in Sources)
        {
            if (source.Content is { } content)
            {
                yield return (source.Name, content);
                continue;
            }

            await using var file = await files.OpenAsync(source.Path, FileIntent.Read, cancel)
                ?? throw new IOException($"{source.Path} vanished while it was copied");
            for (long at = 0; at < source.Bytes;)
            {
                var read = await file.ReadAsync(at, buffer.AsMemory(0, (int)Math.Min(ChunkBytes, source.Bytes - at)), cancel);
                if (read == 0)
                {
                    throw new IOException($"{source.Path} is shorter than it was");
                }

                yield return (source.Name, buffer.AsMemory(0, read));
                at += read;
            }
        }
    }

    /// <summary>One file: its path in the backup, how many bytes, and the file or the bytes they come from.</summary>
    public sealed record Source(string Name, long Bytes, string Path, ReadOnlyMemory<byte>? Content = null);
}
