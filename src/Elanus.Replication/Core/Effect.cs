using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Elanus.Replication;

/// <summary>What a replica asks of the world. The shell does them in order, and answers those that have an answer with an event.</summary>
internal abstract record Effect;

[SuppressMessage("Naming", "CA1716", Justification = "To is the receiver, and nothing here is called from Visual Basic")]
internal sealed record Send(NodeId To, PeerMessage Message) : Effect;

/// <summary>Send this node every record behind a position, as they come, until told otherwise; what was being sent before is dropped.</summary>
[SuppressMessage("Naming", "CA1716", Justification = "To is the receiver, and nothing here is called from Visual Basic")]
internal sealed record StreamFrom(NodeId To, ulong After) : Effect;

/// <summary>Where the members of the cluster are reached.</summary>
internal sealed record MembersKnown(ImmutableArray<Member> Members) : Effect;

internal sealed record ReadRecord : Effect;

internal sealed record ReadAlive : Effect;

/// <summary>One attempt: the version that it compares, and its nonce, keep it from taking effect twice, however often a store's client sends it.</summary>
internal sealed record ChangeRecord(RecordVersion Version, RoleRecord Next, ChangeNonce Nonce) : Effect;

internal sealed record ConfirmRecord(RecordVersion Version, ChangeNonce Nonce) : Effect;

internal sealed record Announce(AliveNote Note) : Effect;

/// <summary>Make everything that the log holds durable; answered by <see cref="LogDurable"/>.</summary>
internal sealed record SyncLog : Effect;

/// <summary>Take records of another node, verbatim; answered by <see cref="LogDurable"/> or <see cref="LogRefused"/>, in order.</summary>
internal sealed record AppendRecords(IReadOnlyList<LogRecord> Items) : Effect;

/// <summary>Keep, durably, the highest epoch seen, and the commit position seen before it; a lower one than was kept where a cut is to follow.</summary>
internal sealed record Promise(Epoch Epoch, ulong CommitSeen) : Effect;

/// <summary>Keep the records behind a position in a file of their own, durably.</summary>
internal sealed record Salvage(ulong After) : Effect;

/// <summary>Nothing comes of what was kept, for now: the log's front may move again.</summary>
internal sealed record KeepsNothing : Effect;

/// <summary>Drop the records behind a position, durably.</summary>
internal sealed record CutLog(ulong Last) : Effect;

/// <summary>Append the fence of an epoch behind the last record, and answer when it is durable here.</summary>
internal sealed record OpenEpoch(Epoch Epoch, bool Forced, ulong After, ClaimCause Cause) : Effect;

internal sealed record AdvanceCommit(ulong Position) : Effect;

/// <summary>A Strong read may be answered from a state that has applied this position.</summary>
internal sealed record AnswerRead(long Ticket, ulong Position) : Effect;

/// <summary>The fence is committed: serve.</summary>
internal sealed record BecameActive(Fence Fence) : Effect;

/// <summary>Whether this node is alone in its set, and no change of it is open: nobody else can claim but by force.</summary>
internal sealed record StandsAlone(bool Alone) : Effect;

/// <summary>The set changed, and whether it suffices for writes.</summary>
internal sealed record SetChanged(ImmutableArray<Member> InSync, bool AcceptsWrites) : Effect;

/// <summary>The active and its epoch, as far as this node knows; why it claimed is known where this node did.</summary>
internal sealed record Follows(Member Holder, Epoch Epoch, ClaimCause Cause) : Effect;

/// <summary>How the other nodes stand, as this node, the holder, sees them; for status.</summary>
internal sealed record PeersStand(ImmutableArray<PeerStanding> Peers) : Effect;

/// <summary>
/// What this node holds does not lead up to what the active of this epoch still has: the active's newest checkpoint, and its log from there, are to be fetched;
/// answered by <see cref="CopyFetched"/>. What was being fetched before is dropped.
/// </summary>
internal sealed record NeedsCopy(NodeId From, Epoch Epoch, ulong Front) : Effect;

/// <summary>
/// What is being fetched is dropped: another active is followed, or the own log leads up to the active's, of the epoch <paramref name="Matched"/>.
/// </summary>
internal sealed record NeedsNoCopy(Epoch? Matched) : Effect;

/// <summary>
/// Put what was fetched in the place of the own log and state, in one step, with this promise beside it. This life is over then; the next one begins with
/// the copy. Where <paramref name="KeepsOld"/>, all that stands there now is kept beside it first: it holds, below its log's front, what the active's history
/// may lack.
/// </summary>
internal sealed record InstallCopy(EpochPromise Kept, bool KeepsOld) : Effect;

/// <summary>New writes wait from here on: another member was asked to claim. They go on when <paramref name="Paused"/> is false.</summary>
internal sealed record WritesPaused(bool Paused) : Effect;

/// <summary>What an operator asked for, handing over or becoming active by force, does not happen, and why.</summary>
internal sealed record WishRefused(string Sentence) : Effect;

/// <summary>This life is over; the process (or the role) starts anew from what is durable.</summary>
internal sealed record Ended(string Sentence) : Effect;

/// <summary>An operator must decide; everything is kept, nothing more is done.</summary>
internal sealed record Stopped(string Sentence) : Effect;

/// <summary>Something that an operator should read.</summary>
internal sealed record Says(string Sentence) : Effect;
