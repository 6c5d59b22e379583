namespace Elanus.Replication;

/// <summary>
/// What a standby that copies and its active say to each other. <paramref name="Copy"/> was drawn by the standby for one attempt. Every message may be lost, doubled
/// or late: the standby asks again for what does not come.
/// </summary>
internal abstract record CopyMessage(Epoch Epoch, ulong Copy) : PeerMessage(Epoch);

/// <summary>Offer me a copy of your state.</summary>
internal sealed record CopyAsk(Epoch Epoch, ulong Copy) : CopyMessage(Epoch, Copy);

internal sealed record CopyOffered(Epoch Epoch, ulong Copy, CopyPlan Plan) : CopyMessage(Epoch, Copy);

/// <summary>Send me the bytes of the plan's file from here on, at most one piece.</summary>
internal sealed record CopyPull(Epoch Epoch, ulong Copy, int File, long Offset) : CopyMessage(Epoch, Copy);

internal sealed record CopyPiece(Epoch Epoch, ulong Copy, int File, long Offset, ReadOnlyMemory<byte> Bytes, uint Crc) : CopyMessage(Epoch, Copy)
{
    public const int BytesMax = 256 * 1024;
}

/// <summary>There is no such offer, and why; ask anew.</summary>
internal sealed record CopyGone(Epoch Epoch, ulong Copy, string Why) : CopyMessage(Epoch, Copy);
