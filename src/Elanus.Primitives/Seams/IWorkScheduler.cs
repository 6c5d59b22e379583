namespace Elanus.Primitives;

/// <summary>How urgent a piece of heavy work is.</summary>
public enum WorkPriority
{
    /// <summary>A client waits for it.</summary>
    Foreground,

    /// <summary>Nobody waits: index builds, compaction. It yields to foreground work.</summary>
    Background,
}

/// <summary>
/// Where heavy computing goes (large scans, index builds, compaction): a bounded pool in production; the simulator runs it inline.
/// </summary>
public interface IWorkScheduler
{
    /// <summary>How many pieces can make progress at once.</summary>
    int Parallelism { get; }

    Task<T> Run<T>(WorkPriority priority, Func<CancellationToken, T> work, CancellationToken cancel);
}
