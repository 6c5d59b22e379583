using System.Runtime.InteropServices;
using Elanus.Replication.Protocol;
using Google.Protobuf;

namespace Elanus.Replication;

/// <summary>Peers' messages to and from their frames on the wire. What cannot be read is answered in words.</summary>
internal static class PeerFrames
{
    public static PeerFrame Of(PeerMessage message)
    {
        var frame = new PeerFrame { Epoch = Id(message.Epoch) };
        switch (message)
        {
            case Follow follow:
                frame.Follow = new() { Node = follow.Self.Node.Value, Address = follow.Self.Address };
                break;
            case Lead lead:
                frame.Lead = new() { Front = lead.Front, Commit = lead.Commit, Round = lead.Round, Progress = lead.Progress, HasChain = lead.Chain is not null };
                if (lead.Passed is { } passed)
                {
                    (frame.Lead.PassedAt, frame.Lead.PassedEnd) = (passed.At.Value, passed.End.Number);
                }

                if (lead.Chain is { } chain)
                {
                    frame.Lead.Before = Id(chain.Before);
                    frame.Lead.Fences.Add(chain.Fences.Select(Frame));
                }

                break;
            case Records records:
                frame.Records = new() { Items = UnsafeByteOperations.UnsafeWrap((records.Items is RecordItems items ? items.Batch : RecordBatch.Of(records.Items)).Bytes), Commit = records.Commit };
                break;
            case Ack ack:
                frame.Ack = new() { Received = ack.Received, Durable = ack.Durable, Round = ack.Round, Gap = ack.Gap };
                break;
            case Refuse:
                frame.Refuse = new();
                break;
            case TakeOver:
                frame.TakeOver = new();
                break;
            case AskClock ask:
                frame.AskClock = new() { Moment = ask.Moment.Value };
                break;
            case CopyMessage copy:
                frame.Copy = CopyFrames.Of(copy);
                break;
            default:
                throw new InvalidOperationException($"{message.GetType().Name} has no frame");
        }

        return frame;
    }

    /// <param name="frame">From another node.</param>
    /// <param name="channel">Whose records it may carry.</param>
    public static Result<PeerMessage> Read(PeerFrame frame, ChannelId channel)
    {
        if (frame.Epoch is null)
        {
            return Failure.Invalid("a frame without an epoch");
        }

        var epoch = Read(frame.Epoch);
        switch (frame.BodyCase)
        {
            case PeerFrame.BodyOneofCase.Follow:
                return new Follow(epoch, new(new(frame.Follow.Node), frame.Follow.Address));
            case PeerFrame.BodyOneofCase.Lead:
                var lead = frame.Lead;
                var chain = lead.HasChain ? Chain(lead, channel) : null;
                return new Lead(epoch, chain, lead.Front, lead.Commit, lead.Round, lead.Progress)
                {
                    Passed = lead.PassedAt == 0 ? null : new(new(lead.PassedAt), new(channel, lead.PassedEnd)),
                };
            case PeerFrame.BodyOneofCase.Records:
                return RecordBatch.Parse(frame.Records.Items.Memory).TryGet(out var parsed, out var wrong)
                    ? parsed.Count > 0 && parsed.All(record => record.Position.Channel == channel)
                        ? new Records(epoch, parsed, frame.Records.Commit)
                        : Failure.Invalid($"a batch of {parsed.Count} records, not all of {channel}")
                    : wrong;
            case PeerFrame.BodyOneofCase.Ack:
                return new Ack(epoch, frame.Ack.Received, frame.Ack.Durable, frame.Ack.Round, frame.Ack.Gap);
            case PeerFrame.BodyOneofCase.Refuse:
                return new Refuse(epoch);
            case PeerFrame.BodyOneofCase.TakeOver:
                return new TakeOver(epoch);
            case PeerFrame.BodyOneofCase.AskClock:
                return new AskClock(epoch, new(frame.AskClock.Moment));
            case PeerFrame.BodyOneofCase.Copy:
                return CopyFrames.Read(frame.Copy, epoch);
            default:
                return Failure.Invalid("a frame of an unknown kind");
        }
    }

    public static EpochId Id(Epoch epoch) => new() { Number = epoch.Number, ClaimHigh = epoch.Claim.High, ClaimLow = epoch.Claim.Low };

    public static Epoch Read(EpochId id) => new(id.Number, new(id.ClaimHigh, id.ClaimLow));

    private static FenceFrame Frame(Fence fence) => new()
    {
        Epoch = Id(fence.Epoch),
        Position = fence.Position.Number,
        Predecessor = Id(fence.Predecessor),
        PredecessorEnd = fence.PredecessorEnd,
        Forced = fence.Forced,
    };

    /// <summary>The fences must follow one another: a chain that lies is no chain, and its node is not followed.</summary>
    private static EpochChain Chain(LeadFrame lead, ChannelId channel) => lead.Fences.Aggregate(
        new EpochChain(lead.Before is null ? Epoch.None : Read(lead.Before), []),
        (chain, fence) => chain.With(new(
            Read(fence.Epoch), new(channel, fence.Position), Read(fence.Predecessor), fence.PredecessorEnd, fence.Forced)));
}
