namespace Elanus.Roles;

/// <summary>Memory that reads in progress may hold together, as a <see cref="SharedBudget"/>. Any thread.</summary>
public sealed class ReadBudget(long bytesMax)
{
    /// <summary>Reads that hold less are not counted; most hold little, and the calls of a connection are bounded.</summary>
    public const long UncountedBytes = 256 << 10;

    /// <summary>Reads that wait for room.</summary>
    public const int WaitingMax = 256;

    private readonly SharedBudget budget = new(bytesMax, WaitingMax);

    /// <summary>Bytes that are held now.</summary>
    public long Taken => budget.Taken;

    /// <summary>Holds a share until it is disposed of; null where it is too small to count. Fails where too many wait.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before there was room; nothing is held.</exception>
    public async ValueTask<Result<IDisposable?>> Take(long bytes, CancellationToken cancel) =>
        bytes <= UncountedBytes ? Result<IDisposable?>.Ok(null)
        : await budget.TakeAsync(bytes, cancel) is { } share ? Result<IDisposable?>.Ok(share)
        : Failure.Of(FailureCode.TooManyRequests, ("waiting", $"{WaitingMax}"), ("reason", "searches and queries hold all the memory that they may"));
}
