using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>The world as a node sees it: the real one, or the simulator's.</summary>
public sealed record NodeSeams(IFileSystem Files, TimeProvider Time, IRandomSource Random, IWorkScheduler Work);
