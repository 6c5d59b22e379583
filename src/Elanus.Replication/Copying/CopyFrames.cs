using Elanus.Replication.Protocol;
using Google.Protobuf;

namespace Elanus.Replication;

/// <summary>What is said about copies, to and from its frames on the wire.</summary>
internal static class CopyFrames
{
    public static CopyFrame Of(CopyMessage message)
    {
        var frame = new CopyFrame { Copy = message.Copy };
        switch (message)
        {
            case CopyAsk:
                frame.Ask = new();
                break;
            case CopyOffered offered:
                frame.Offered = new() { Checkpoint = offered.Plan.Checkpoint, End = offered.Plan.End };
                frame.Offered.Files.Add(offered.Plan.Files.Select(file => new CopyFilePart
                {
                    Name = file.Name,
                    Bytes = file.Bytes,
                    HasChecksum = file.Checksum is not null,
                    Checksum = file.Checksum ?? 0,
                }));
                break;
            case CopyPull pull:
                frame.Pull = new() { File = pull.File, Offset = pull.Offset };
                break;
            case CopyPiece piece:
                frame.Piece = new() { File = piece.File, Offset = piece.Offset, Content = UnsafeByteOperations.UnsafeWrap(piece.Bytes), Crc = piece.Crc };
                break;
            case CopyGone gone:
                frame.Gone = gone.Why;
                break;
            default:
                throw new InvalidOperationException($"{message.GetType().Name} has no frame");
        }

        return frame;
    }

    public static Result<PeerMessage> Read(CopyFrame frame, Epoch epoch) => frame.PartCase switch
    {
        CopyFrame.PartOneofCase.Ask => new CopyAsk(epoch, frame.Copy),
        CopyFrame.PartOneofCase.Offered => new CopyOffered(
            epoch,
            frame.Copy,
            new(frame.Offered.Checkpoint, frame.Offered.End, [.. frame.Offered.Files.Select(file => new CopyFile(file.Name, file.Bytes, file.HasChecksum ? file.Checksum : null))])),
        CopyFrame.PartOneofCase.Pull => new CopyPull(epoch, frame.Copy, frame.Pull.File, frame.Pull.Offset),
        CopyFrame.PartOneofCase.Piece => new CopyPiece(epoch, frame.Copy, frame.Piece.File, frame.Piece.Offset, frame.Piece.Content.Memory, frame.Piece.Crc),
        CopyFrame.PartOneofCase.Gone => new CopyGone(epoch, frame.Copy, frame.Gone),
        _ => Failure.Invalid("a word about copying of an unknown kind"),
    };
}
