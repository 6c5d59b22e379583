using System.Collections.Immutable;
using Elanus.Log;
using Elanus.Primitives;
using Elanus.Replication;
using Elanus.Roles;
using Elanus.Storage;

namespace Elanus.Server;

/// <summary>What a running node offers to one that copies it: what a backup of this moment would hold, pinned likewise.</summary>
internal sealed class NodeCopySource(IFileSystem files, DataDirectory directory, FileLog log, CheckpointKeeper checkpoints) : ICopySource
{
    public async Task<Result<ICopyOffer>> OfferAsync(CancellationToken cancel)
    {
        var pin = await checkpoints.PinAsync(cancel);
        var failure = new Failure(FailureCode.Internal, "");
        try
        {
            var extent = log.ExtentFrom(pin.LogFrom);
            if ((await BackupPlanning.Compose(files, directory, pin.Checkpoint, extent, new(log.Channel, extent.End), Timestamp.Zero, cancel)).TryGet(out var plan, out failure!))
            {
                var listed = ImmutableArray.CreateBuilder<CopyFile>();
                foreach (var source in plan.Sources)
                {
                    listed.Add(new(source.Name, source.Bytes, await StoredFileChecksum.Of(files, source.Path, cancel)));
                }

                var offer = new NodeCopyOffer(files, pin, plan, new(pin.Checkpoint?.Name.Position.Number ?? 0, extent.End, listed.ToImmutable()));
                pin = null;
                return offer;
            }
        }
        catch (StoredFileDamagedException damaged)
        {
            failure = new(FailureCode.Internal, $"a file of the active's is damaged: {damaged.Message}");
        }
        finally
        {
            pin?.Dispose();
        }

        return failure;
    }
}
