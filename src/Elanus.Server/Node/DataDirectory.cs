using System.Buffers.Binary;
using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>
/// A node's directory: locked by one process at a time, formatted once. Its identity is drawn at formatting, so a directory that was emptied
/// belongs to a new node. Layout: <c>lock</c>, <c>node.json</c>, <c>log/</c>,
/// <c>checkpoints/</c>, <c>segments/</c>; <c>copy/</c> while another node's state is copied, <c>salvage/</c> for tails that were cut,
/// <c>damaged/</c> for what a member gave up.
/// </summary>
public sealed class DataDirectory : IAsyncDisposable
{
    private const int Format = 2;
    private const int FormatWithoutCheck = 1;
    internal const string IdentityName = "node.json";

    /// <summary>Stands in a directory that is being restored, until it is whole.</summary>
    private const string UnfinishedName = "restore.unfinished";

    private IAsyncDisposable? held;

    private DataDirectory(string path, NodeId node, IAsyncDisposable held)
    {
        Path = path;
        Node = node;
        this.held = held;
    }

    public string Path { get; }

    public NodeId Node { get; }

    public string LogPath => $"{Path}/log";

    public string CheckpointsPath => $"{Path}/checkpoints";

    public string SegmentsPath => $"{Path}/segments";

    /// <summary>
    /// Locks a directory and reads its identity; formats an empty one; ends what was decided: a copy takes effect, a damaged member is given up. Failures name the directory and what to do.
    /// </summary>
    /// <param name="path">An absolute path.</param>
    public static async Task<Result<DataDirectory>> Open(IFileSystem files, string path, IRandomSource random, CancellationToken cancel)
    {
        if (!(await Lock(files, path, cancel)).TryGet(out var held, out var failure))
        {
            return failure;
        }

        // What is decided here rests on marks that are there or not, and the process before may have ended before it had synced one that it set or took away.
        await files.SyncDirectoryAsync(path, cancel);
        if (await files.ListAsync($"{path}/{CopyStaging.Folder}", cancel) is not null)
        {
            await files.SyncDirectoryAsync($"{path}/{CopyStaging.Folder}", cancel);
        }

        if ((await files.ListAsync(path, cancel) ?? []).Any(entry => entry.Name == UnfinishedName))
        {
            await held.DisposeAsync();
            return Failure.Invalid($"{path} holds a restore that did not end; empty it and restore again");
        }

        if (!(await RepairInstallation.Finish(files, path, cancel)).TryGet(out _, out failure)
            || !(await Identity(files, path, random, cancel)).TryGet(out var node, out failure)
            || !(await CopyInstallation.Finish(files, path, cancel)).TryGet(out _, out failure))
        {
            await held.DisposeAsync();
            return failure;
        }

        return new DataDirectory(path, node, held);
    }

    /// <summary>Locks a directory that was formatted before, for looking at it: a missing one, or one that is in use, is a failure.</summary>
    public static async Task<Result<DataDirectory>> OpenExisting(IFileSystem files, string path, CancellationToken cancel)
    {
        if (!(await files.ListAsync(path, cancel) ?? []).Any(entry => entry.Name == IdentityName))
        {
            return Failure.Invalid($"{path} is no data directory of Elanus: it has no {IdentityName}");
        }

        if (await files.TryLockAsync($"{path}/lock", cancel) is not { } held)
        {
            return InUse(path);
        }

        await using (var file = (await files.OpenAsync($"{path}/{IdentityName}", FileIntent.Read, cancel))!)
        {
            if ((await Read(file, cancel)).TryGet(out var node, out var failure))
            {
                return new DataDirectory(path, node, held);
            }

            await held.DisposeAsync();
            return failure;
        }
    }

    /// <summary>Formats and locks an empty directory, or one that is not there yet, marked as unfinished until <see cref="Finish"/>.</summary>
    public static async Task<Result<DataDirectory>> BeginRestore(IFileSystem files, string path, IRandomSource random, CancellationToken cancel)
    {
        if ((await files.ListAsync(path, cancel) ?? []).Count > 0)
        {
            return Failure.Invalid($"{path} is not empty; name an empty directory, or one that is not there yet");
        }

        if (!(await Lock(files, path, cancel)).TryGet(out var held, out var failure))
        {
            return failure;
        }

        // The mark is durable before the identity is there: with that the directory is one that a server serves.
        if ((await files.CreateAsync($"{path}/{UnfinishedName}", cancel)).TryGet(out var mark, out failure))
        {
            await mark.DisposeAsync();
            await files.SyncDirectoryAsync(path, cancel);
            if ((await Identity(files, path, random, cancel)).TryGet(out var node, out failure))
            {
                return new DataDirectory(path, node, held);
            }
        }

        await held.DisposeAsync();
        return failure;
    }

    /// <summary>What was restored is whole and durable: servers may start on it.</summary>
    public async Task Finish(IFileSystem files, CancellationToken cancel)
    {
        await files.SyncDirectoryAsync(Path, cancel);
        await files.DeleteAsync($"{Path}/{UnfinishedName}", cancel);
        await files.SyncDirectoryAsync(Path, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (held is { } own)
        {
            held = null;
            await own.DisposeAsync();
        }
    }

    private static async Task<Result<IAsyncDisposable>> Lock(IFileSystem files, string path, CancellationToken cancel)
    {
        try
        {
            var made = await files.CreateDirectoryAsync(path, cancel);
            if (!made.TryGet(out _, out var failure))
            {
                return failure;
            }

            return await files.TryLockAsync($"{path}/lock", cancel) is { } held ? Result<IAsyncDisposable>.Ok(held) : InUse(path);
        }
        catch (IOException refused)
        {
            // Here it is the operator's choice of a directory, not dying hardware.
            return Failure.Invalid($"{path} cannot be the data directory: {refused.Message}; name another one with --data");
        }
    }

    private static Failure InUse(string path) =>
        new(FailureCode.Unavailable, $"the data directory {path} is in use by another process; stop that one, or name another directory with --data");

    private static async Task<Result<NodeId>> Identity(IFileSystem files, string path, IRandomSource random, CancellationToken cancel)
    {
        var name = $"{path}/{IdentityName}";
        await using (var file = await files.OpenAsync(name, FileIntent.Read, cancel))
        {
            if (file is not null)
            {
                return await Read(file, cancel);
            }
        }

        foreach (var entry in await files.ListAsync(path, cancel) ?? [])
        {
            if (entry.Name is not ("lock" or IdentityName + ".new" or UnfinishedName))
            {
                return Failure.Invalid($"{path} holds {entry.Name} but no {IdentityName}: it is not a data directory of Elanus; name an empty directory with --data");
            }
        }

        await SyncAbove(files, path, cancel);
        var node = new NodeId(random.NextUInt64());
        return (await Identify(files, path, node, cancel)).TryGet(out _, out var failure) ? node : failure;
    }

    /// <summary>Makes a directory's own name durable, and those above it: before that nothing in it counts as durable.</summary>
    internal static async Task SyncAbove(IFileSystem files, string path, CancellationToken cancel)
    {
        for (var above = System.IO.Path.GetDirectoryName(path); !string.IsNullOrEmpty(above); above = System.IO.Path.GetDirectoryName(above))
        {
            await files.SyncDirectoryAsync(above, cancel);
        }
    }

    /// <summary>Says durably whose the directory is: written aside, synced, then named, so that it is formatted whole or not at all.</summary>
    internal static async Task<Result<Unit>> Identify(IFileSystem files, string path, NodeId node, CancellationToken cancel)
    {
        var name = $"{path}/{IdentityName}";
        await files.DeleteAsync(name + ".new", cancel);
        if (!(await files.CreateAsync(name + ".new", cancel)).TryGet(out var fresh, out var failure))
        {
            return failure;
        }

        await using (fresh)
        {
            var bytes = KeptJson.Write(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("format", Format);
                json.WriteString("node", node.ToString());
                json.WriteString("check", CheckOf(node.ToString()));
                json.WriteEndObject();
            });
            if (!(await fresh.WriteAsync(0, [bytes], cancel)).TryGet(out _, out failure))
            {
                return failure;
            }

            await fresh.SyncAsync(cancel);
        }

        if (!(await files.RenameAsync(name + ".new", name, cancel)).TryGet(out _, out failure))
        {
            return failure;
        }

        await files.SyncDirectoryAsync(path, cancel);
        return Result.Ok;
    }

    private static async Task<Result<NodeId>> Read(IFile file, CancellationToken cancel)
    {
        var bytes = new byte[await file.LengthAsync(cancel)];
        var read = await file.ReadAsync(0, bytes, cancel);
        try
        {
            var found = KeptJson.Read<NodeFile>(
                bytes.AsSpan(0, read), json => new(json.Int32("format"), json.Text("node"), json.Find("check")?.GetString())) ?? throw new JsonException("it is null");
            if (found.Format is not (Format or FormatWithoutCheck))
            {
                return Failure.Invalid($"{file.Path} has format {found.Format}, this version of Elanus knows {Format}: use the version that wrote it");
            }

            return found.Format == Format && found.Check != CheckOf(found.Node)
                ? new Failure(FailureCode.Internal, $"{file.Path} is damaged: node {found.Node} fails its check {found.Check}. A member is known by this id, so it is not guessed; a backup has it")
                : new NodeId(BinaryPrimitives.ReadUInt64BigEndian(Convert.FromHexString(found.Node)));
        }
        catch (Exception broken) when (broken is JsonException or FormatException or ArgumentException)
        {
            return new Failure(FailureCode.Internal, $"{file.Path} cannot be read: {broken.Message}; it holds {{\"format\":2,\"node\":\"<16 hex digits>\",\"check\":\"<8 hex digits>\"}}");
        }
    }

    /// <summary>CRC-32C of the id as written, so that a flipped bit does not make another node of this one.</summary>
    private static string CheckOf(string node) => $"{Crc32C.Of(System.Text.Encoding.UTF8.GetBytes(node)):x8}";

    private sealed record NodeFile(int Format, string Node, string? Check);
}
