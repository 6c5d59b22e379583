using Elanus.Engine;
using Elanus.Log;
using Elanus.Roles;

namespace Elanus.Server;

/// <summary>What a node's roles run with.</summary>
public sealed record NodeSettings
{
    /// <summary>For so many segments of log there stays room on the disk: for the next, and for what is written until files are let go.</summary>
    private const int LogSegmentsLeft = 2;

    public required string DataPath { get; init; }

    public Limits Limits { get; init; } = new();

    public FileLogOptions Log { get; init; } = new();

    /// <summary>Bytes that large files leave free on the disk.</summary>
    public long RoomLeftMin => LogSegmentsLeft * Log.SegmentBytes;

    public EngineOptions Engine { get; init; } = new();

    public CheckpointOptions Checkpoints { get; init; } = new();

    /// <summary>Bytes at which a growing segment is sealed.</summary>
    public long SegmentBytesMax { get; init; } = 128L << 20;

    /// <summary>The window of Bounded consistency.</summary>
    public TimeSpan GracefulTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Password of root in a new log.</summary>
    public string RootPassword { get; init; } = "Milvus";

    /// <summary>Iterations of a new password's hash.</summary>
    public int PasswordRounds { get; init; } = Passwords.RoundsDefault;
}
