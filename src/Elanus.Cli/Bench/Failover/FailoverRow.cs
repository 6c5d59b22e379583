using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>Measures some figures of the failover bench; a failure where the cluster did not do what it must.</summary>
internal delegate Task<Result<IReadOnlyList<Figure>>> FailoverRow(FailoverGround ground, FailoverCounts counts, CancellationToken cancel);
