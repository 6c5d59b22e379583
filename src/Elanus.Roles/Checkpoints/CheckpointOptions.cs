namespace Elanus.Roles;

/// <summary>When checkpoints are taken.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Bytes of log between two checkpoints; more where the last one was larger than that.</summary>
    public long LogBytesMin { get; init; } = 64L << 20;
}
