using System.Buffers.Binary;
using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// The highest epoch that a node has promised to follow, and the highest commit position it had seen then, in a small file beside the log: what it
/// must remember of others' claims even where no record of theirs stands in its log yet. The file is replaced as a whole.
/// </summary>
public readonly record struct EpochPromise(Epoch Epoch, ulong CommitSeen)
{
    public const string FileName = "log.promise";

    internal const int Bytes = 64;

    private const uint Magic = 0x52504C45; // "ELPR"
    private const uint Format = 1;

    /// <summary>
    /// The promise kept in a log's directory; none where nothing was ever promised. Throws <see cref="LogDamagedException"/> where the file is
    /// not whole: a node that has forgotten a promise must not act.
    /// </summary>
    public static async ValueTask<EpochPromise> LoadAsync(IFileSystem files, string directory, CancellationToken cancel)
    {
        var path = $"{directory}/{FileName}";
        if (await files.OpenAsync(path, FileIntent.Read, cancel) is not { } file)
        {
            return default;
        }

        await using (file)
        {
            var bytes = new byte[Bytes];
            var length = await file.ReadAsync(0, bytes, cancel);
            return length == Bytes && await file.LengthAsync(cancel) == Bytes && Read(bytes) is { } promise
                ? promise
                : throw new LogDamagedException(new(path, 0, "the promise of an epoch fails its checksum; copy the node's directory anew from another member"));
        }
    }

    /// <summary>Whoever has lost what it had seen committed must not count as a holder of it: throws <see cref="LogDamagedException"/> where its log ends before that.</summary>
    public void RequireHeld(string directory, LogPosition end)
    {
        if (CommitSeen > end.Number)
        {
            throw new LogDamagedException(new($"{directory}/{FileName}", 0, $"record {CommitSeen} was committed here, and the log ends with {end.Number}"));
        }
    }

    /// <summary>Keeps a promise, durably before it answers. A full disk is a failure: nothing was promised then. One at a time in a directory (<see cref="PromiseFile"/>).</summary>
    public async ValueTask<Result<Unit>> KeepAsync(IFileSystem files, string directory, CancellationToken cancel)
    {
        var passing = $"{directory}/{FileName}.tmp";
        await files.DeleteAsync(passing, cancel);
        if (!(await files.CreateAsync(passing, cancel)).TryGet(out var file, out var why))
        {
            return why;
        }

        await using (file)
        {
            var written = await file.WriteDurablyAsync(0, [ToBytes()], cancel);
            if (!written.Succeeded)
            {
                return written;
            }
        }

        var named = await files.RenameAsync(passing, $"{directory}/{FileName}", cancel);
        if (named.Succeeded)
        {
            await files.SyncDirectoryAsync(directory, cancel);
        }

        return named;
    }

    internal byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Format);
        EpochEncoding.Write(bytes.AsSpan(16), Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), CommitSeen);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Of(bytes.AsSpan(4)));
        return bytes;
    }

    private static EpochPromise? Read(ReadOnlySpan<byte> from) =>
        BinaryPrimitives.ReadUInt32LittleEndian(from[4..]) == Magic
        && BinaryPrimitives.ReadUInt32LittleEndian(from) == Crc32C.Of(from[4..])
        && BinaryPrimitives.ReadUInt32LittleEndian(from[8..]) == Format
            ? new(EpochEncoding.Read(from[16..]), BinaryPrimitives.ReadUInt64LittleEndian(from[40..]))
            : null;
}
