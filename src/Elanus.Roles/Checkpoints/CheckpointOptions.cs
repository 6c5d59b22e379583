namespace Elanus.Roles;

/// <summary>When checkpoints are taken.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Bytes of log between two checkpoints; more where the last one was larger than that.</summary>
    public long LogBytesMin { get; init; } = 64L << 20;

    /// <summary>What a record of the log counts as at least: a start applies some 80,000 of the small ones a second, and reads several hundred megabytes.</summary>
    public long RecordBytesMin { get; init; } = 4096;
}
