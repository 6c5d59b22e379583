using System.Text;
using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Server;
using Elanus.Server.Operations.Protocol;

namespace Elanus.Cli;

/// <summary>A backup that a running server streams.</summary>
internal static class ServerBackup
{
    private static readonly RpcMethod<BackupRequest, BackupPart> Method = new(BackupsReflection.Descriptor.Services.Single(), "Backup");

    /// <param name="files">Where the backup is written.</param>
    /// <param name="server">The way to its client port.</param>
    /// <param name="address">Its name in sentences.</param>
    /// <param name="user">NAME:PASSWORD, or null.</param>
    /// <param name="to">An empty directory.</param>
    /// <param name="work">Where checksums are compared.</param>
    /// <param name="progress">Is told bytes done and bytes in all.</param>
    /// <param name="cancel">Ends the call, and with it the server's pins.</param>
    public static async Task<Result<BackupManifest>> Run(
        IFileSystem files, IRpcCaller server, string address, string? user, string to, IWorkScheduler work, Action<long, long> progress, CancellationToken cancel)
    {
        var options = RpcCallOptions.None;
        if (user is not null)
        {
            var headers = new RpcMetadata();
            headers.Add("authorization", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
            options = options with { Headers = headers };
        }

        // The target first: a server that is asked begins to pin and to send.
        await using var target = new BackupTarget(files, to, work);
        if (!(await target.Begin(cancel)).TryGet(out _, out var failure))
        {
            return failure;
        }

        await using var call = server.Open(Method, options, cancel);
        await call.Write(new(), cancel);
        await call.EndWrites(cancel);
        BackupManifest? manifest = null;
        long done = 0, all = 0;
        while (await call.Read(cancel) is { } part)
        {
            if (part.Head is { } head)
            {
                if (!BackupManifest.Read(head.Manifest.Span, $"what {address} sent").TryGet(out manifest, out failure))
                {
                    return failure;
                }

                all = head.TotalBytes;
            }
            else if (part.Bytes is { } bytes)
            {
                if (!(await target.Write(bytes.File, bytes.Content.Memory, cancel)).TryGet(out _, out failure))
                {
                    return failure;
                }

                progress(done += bytes.Content.Length, all);
            }
        }

        if (!call.Status.IsOk)
        {
            return new Failure(FailureCode.Unavailable, $"{address} gave no backup: {call.Status.Message}");
        }

        if (manifest is null || done != all)
        {
            return new Failure(FailureCode.Internal, $"what {address} sent is no whole backup: {done} of {all} bytes came");
        }

        return (await target.End(manifest, cancel)).TryGet(out _, out failure) ? manifest : failure;
    }
}
