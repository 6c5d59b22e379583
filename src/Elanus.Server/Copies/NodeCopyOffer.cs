using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Roles;

namespace Elanus.Server;

/// <summary>A plan's files, read piece by piece; the file that was read last stays open. One caller at a time.</summary>
internal sealed class NodeCopyOffer(IFileSystem files, CheckpointPin pin, BackupPlan backup, CopyPlan plan) : ICopyOffer
{
    private IFile? open;
    private int openIndex = -1;

    public CopyPlan Plan => plan;

    public async ValueTask<int> ReadAsync(int file, long offset, Memory<byte> into, CancellationToken cancel)
    {
        var source = backup.Sources[file];
        if (source.Content is { } content)
        {
            var part = content.Slice((int)Math.Min(offset, content.Length));
            part = part[..Math.Min(part.Length, into.Length)];
            part.CopyTo(into);
            return part.Length;
        }

        if (openIndex != file)
        {
            await Close();
            open = await files.OpenAsync(source.Path, FileIntent.Read, cancel) ?? throw new IOException($"{source.Path} vanished while it was copied");
            openIndex = file;
        }

        return await open!.ReadAsync(offset, into, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Close();
        pin.Dispose();
    }

    private async ValueTask Close()
    {
        openIndex = -1;
        await (open?.DisposeAsync() ?? ValueTask.CompletedTask);
        open = null;
    }
}
