using System.Text;
using Elanus.Primitives;

namespace Elanus.Storage.Tests;

/// <summary>Stores over file systems in memory, and files of a few sections.</summary>
internal static class StoreWorld
{
    public const string Folder = "data/segments";

    public static readonly CancellationToken Cancel = CancellationToken.None;

    public static async Task<DirectorySegmentStore> OpenAsync(IFileSystem files) =>
        (await DirectorySegmentStore.OpenAsync(files, Folder, Cancel)).Value;

    /// <summary>A file with a section of text, an empty one, and one of <paramref name="bytes"/> counted bytes.</summary>
    public static async Task<Result<StoredFileReference>> WriteAsync(ISegmentStore store, string name, int bytes = 100)
    {
        var created = await store.CreateAsync(name, StoredFileKind.Columns, new(7, 11), room: 0, Cancel);
        if (!created.TryGet(out var writer, out var why))
        {
            return why;
        }

        await using (writer)
        {
            var steps = new Func<ValueTask<Result<Unit>>>[]
            {
                () => writer.BeginSectionAsync("text", Cancel),
                () => writer.WriteAsync(Encoding.UTF8.GetBytes("first,"), Cancel),
                () => writer.WriteAsync(Encoding.UTF8.GetBytes("second"), Cancel),
                () => writer.BeginSectionAsync("nothing", Cancel),
                () => writer.WriteSectionAsync("counted", bytes, Count, Cancel),
            };
            foreach (var step in steps)
            {
                var done = await step();
                if (!done.Succeeded)
                {
                    return done.Failure;
                }
            }

            return await writer.PublishAsync(Cancel);
        }
    }

    public static void Count(long offset, Span<byte> into)
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = (byte)((offset + i) * 7 / 3);
        }
    }

    public static async Task<byte[]> ContentAsync(IFileSystem files, string name)
    {
        await using var file = (await files.OpenAsync($"{Folder}/{name}", FileIntent.Read, Cancel))!;
        var bytes = new byte[await file.LengthAsync(Cancel)];
        await file.ReadAsync(0, bytes, Cancel);
        return bytes;
    }

    public static async Task PutAsync(IFileSystem files, string name, byte[] content)
    {
        await files.CreateDirectoryAsync(Folder, Cancel);
        await using var file = (await files.CreateAsync($"{Folder}/{name}", Cancel)).Value;
        Assert.True((await file.WriteDurablyAsync(0, [content], Cancel)).Succeeded);
        await files.SyncDirectoryAsync(Folder, Cancel);
    }
}
