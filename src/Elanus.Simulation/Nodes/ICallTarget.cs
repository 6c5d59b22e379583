using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>What a client calls: one node, or several of which it looks for the active one.</summary>
public interface ICallTarget
{
    /// <summary>Completes on the caller's process.</summary>
    Task<CallOutcome<T>> Call<T>(Func<StandaloneNode, CancellationToken, Task<Result<T>>> call, CancellationToken cancel);

    /// <summary>A call that a node which is not active answers too, where it says that it may. Completes on the caller's process.</summary>
    Task<CallOutcome<T>> Read<T>(Func<StandaloneNode, CancellationToken, Task<Result<T>>> call, Func<LocalReads, CancellationToken, Task<bool>> mayAnswer, CancellationToken cancel);
}
