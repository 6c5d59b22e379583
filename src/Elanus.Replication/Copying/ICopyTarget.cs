namespace Elanus.Replication;

/// <summary>Where a standby gathers a copy, beside what it holds. What was gathered before a stop is used again where it is the same. One caller at a time.</summary>
public interface ICopyTarget
{
    /// <summary>Makes a place for a plan's files, and removes what is there and not in it. <see cref="FailureCode.QuotaExceeded"/> where what is missing does not fit: nothing is fetched then.</summary>
    Task<Result<Unit>> BeginAsync(CopyPlan plan, CancellationToken cancel);

    /// <summary>Whether this file is here already, gathered or the node's own: the latter is taken over.</summary>
    Task<bool> HoldsAsync(CopyFile file, CancellationToken cancel);

    /// <summary>
    /// A file for the bytes of one of the plan's: an empty one, or, where a checksum of the whole will tell, the one whose fetching was stopped before, as long as it had become.
    /// </summary>
    Task<Result<IFile>> CreateAsync(CopyFile file, CancellationToken cancel);

    /// <summary>The file's bytes are written: makes them durable and checks them. A failure says what is wrong with them; the whole file is fetched again then.</summary>
    Task<Result<Unit>> FinishAsync(CopyFile file, IFile written, CancellationToken cancel);

    /// <summary>
    /// Durably decides that the whole copy takes the place of the node's log and state, with this promise beside it: the next start does it before it reads anything. A log that is not whole is
    /// refused, and nothing is decided.
    /// </summary>
    /// <param name="plan">Of the copy.</param>
    /// <param name="kept">The promise.</param>
    /// <param name="keptAs">Where in the data directory all that the node held is kept first, durably; null where nobody needs it.</param>
    /// <param name="cancel">Stops before the decision.</param>
    Task<Result<Unit>> InstallAsync(CopyPlan plan, EpochPromise kept, string? keptAs, CancellationToken cancel);

    /// <summary>Nothing of what was gathered is needed any more.</summary>
    Task DiscardAsync(CancellationToken cancel);
}
