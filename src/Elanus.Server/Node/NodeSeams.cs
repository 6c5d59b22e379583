using Elanus.Log;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>The world as a node sees it: the real one, or the simulator's.</summary>
public sealed record NodeSeams(IFileSystem Files, TimeProvider Time, IRandomSource Random, IWorkScheduler Work)
{
    /// <summary>Stands between the roles and the log; null for nothing. The simulator's tests put bugs there that its checks must find.</summary>
    public Func<ILog, ILog>? AroundLog { get; init; }
}
