using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Server.Operations.Protocol;
using Google.Protobuf;

namespace Elanus.Server;

/// <summary>Streams a backup of the running node to whoever may have one.</summary>
internal static class BackupService
{
    private const string Root = "root";

    public static string Name => BackupsReflection.Descriptor.Services.Single().FullName;

    public static RpcService Over(StandaloneNode node, IFileSystem files, bool authorization) =>
        new RpcServiceBuilder(BackupsReflection.Descriptor.Services.Single())
            .ServerStreaming<BackupRequest, BackupPart>(
                "Backup",
                async (_, parts, call) => authorization && call.Identity is not Root
                    ? new(RpcStatusCode.PermissionDenied, "only root may take a backup")
                    : await Send(node, files, parts, call.Cancellation))
            .Build();

    private static async Task<RpcStatus> Send(StandaloneNode node, IFileSystem files, RpcWriter<BackupPart> parts, CancellationToken cancel)
    {
        if (!(await node.PlanBackup(cancel)).TryGet(out var pinned, out var failure))
        {
            return new(RpcStatusCode.Unavailable, failure.ToString());
        }

        using (pinned)
        {
            await parts.Write(new() { Head = new() { Manifest = ByteString.CopyFrom(pinned.Plan.Manifest.Write()), TotalBytes = pinned.Plan.Bytes } });
            await foreach (var (name, bytes) in pinned.Plan.Read(files, cancel))
            {
                await parts.Write(new() { Bytes = new() { File = name, Content = ByteString.CopyFrom(bytes.Span) } });
            }
        }

        return RpcStatus.Ok;
    }
}
