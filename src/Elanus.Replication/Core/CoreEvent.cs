using System.Diagnostics.CodeAnalysis;

namespace Elanus.Replication;

/// <summary>What happens to a replica. Handled one at a time, with the moment it happened.</summary>
internal abstract record CoreEvent;

/// <summary>The process has just started; the first event of every life.</summary>
internal sealed record Started : CoreEvent;

/// <summary>
/// Time passed, and the state has come as far as <paramref name="Applied"/>; comes at least every heartbeat. A long gap between two of them means that this process did not run.
/// </summary>
internal sealed record Tick(ulong Applied) : CoreEvent;

internal sealed record Received(NodeId From, PeerMessage Message) : CoreEvent;

/// <summary>A hint: the connection to a node closed, and it could not be reached again.</summary>
internal sealed record PeerLost(NodeId Node) : CoreEvent;

/// <summary>A hint: the supervisor of a process says that the process ended that acted under this epoch.</summary>
internal sealed record ProcessEnded(Epoch Epoch) : CoreEvent;

/// <summary>A hint: client calls wait here that cannot be forwarded, or wait no longer.</summary>
internal sealed record CallsHeld(bool Any) : CoreEvent;

/// <summary>A hint: the arbiter's record may have changed.</summary>
internal sealed record RecordHint : CoreEvent;

/// <summary>The answer to <see cref="ReadRecord"/>; <paramref name="Answered"/> is false where the arbiter did not answer.</summary>
internal sealed record RecordRead(bool Answered, StoredRecord? Stored) : CoreEvent;

/// <summary>The answer to <see cref="ReadAlive"/>, or what another member heard of the active.</summary>
internal sealed record AliveRead(bool Answered, AliveNote? Note) : CoreEvent;

internal sealed record ChangeEnded(ChangeNonce Nonce, ChangeOutcome Outcome) : CoreEvent;

internal sealed record ConfirmEnded(ChangeNonce Nonce, ChangeOutcome Outcome) : CoreEvent;

/// <summary>The own log took records of the own epoch, up to here; they may be sent, and are not yet durable.</summary>
internal sealed record LogAppended(ulong End) : CoreEvent;

/// <summary>Everything in the log up to here is durable, without a gap.</summary>
internal sealed record LogDurable(ulong End) : CoreEvent;

/// <summary>The log had no room for what <see cref="AppendRecords"/> brought: none of it was taken.</summary>
internal sealed record LogRefused(string Sentence) : CoreEvent;

internal sealed record Promised(Epoch Epoch) : CoreEvent;

internal sealed record Salvaged : CoreEvent;

internal sealed record WasCut(ulong End) : CoreEvent;

/// <summary>The fence of the own epoch is durable here.</summary>
internal sealed record EpochOpened(Fence Fence) : CoreEvent;

/// <summary>The own log was cut at its front: it begins here now.</summary>
internal sealed record FrontMoved(ulong Front) : CoreEvent;

/// <summary>
/// The answer to <see cref="NeedsCopy"/>: a checkpoint of the active's, and its log from there up to <paramref name="End"/>, are whole and durable here, beside
/// the own ones.
/// </summary>
internal sealed record CopyFetched(Epoch Epoch, ulong Checkpoint, ulong End) : CoreEvent;

/// <summary>A Strong read asks for a position.</summary>
internal sealed record ReadRequested(long Ticket) : CoreEvent;

/// <summary>An operator forces this node to become active.</summary>
internal sealed record ForceRequested : CoreEvent;

/// <summary>An operator, or a process that is asked to end, hands over to another member; which one is the replica's choice where it is null.</summary>
[SuppressMessage("Naming", "CA1716", Justification = "To is what the operator names, and nothing here is called from Visual Basic")]
internal sealed record HandOverRequested(NodeId? To) : CoreEvent;

/// <summary>An operator takes a node out; it does not join again in the life of this active, unless it is let in again. Never below what must stay, unless forced.</summary>
internal sealed record RemovalRequested(NodeId Node, bool Forced = false) : CoreEvent;

/// <summary>An operator lets a node in again that was taken out.</summary>
internal sealed record AdmissionRequested(NodeId Node) : CoreEvent;
