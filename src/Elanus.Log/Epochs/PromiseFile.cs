using Elanus.Primitives;

namespace Elanus.Log;

/// <summary>
/// The file of a running node's promises. It is replaced as a whole under one passing name, so they are kept one after the other, in the order of the calls: two at a time
/// would give each other's unfinished bytes the name. Any thread.
/// </summary>
public sealed class PromiseFile(IFileSystem files, string directory)
{
    private readonly AsyncGate gate = new();

    /// <inheritdoc cref="EpochPromise.KeepAsync"/>
    public async ValueTask<Result<Unit>> KeepAsync(EpochPromise promise, CancellationToken cancel)
    {
        await gate.EnterAsync(cancel);
        try
        {
            return await promise.KeepAsync(files, directory, cancel);
        }
        finally
        {
            gate.Leave();
        }
    }
}
