using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>All roles in one process, over one data directory.</summary>
public static class StandaloneHost
{
    /// <summary>
    /// Serves until <paramref name="stop"/>, then drains and closes. The line that says that it serves goes to <paramref name="output"/>.
    /// A failure is a sentence for the operator: the data directory is in use, a port is taken.
    /// </summary>
    public static Task<Result<Unit>> RunAsync(ServerConfiguration configuration, TextWriter output, CancellationToken stop) =>
        Task.FromResult<Result<Unit>>(Failure.Unimplemented("standalone is not part of this build yet"));
}
