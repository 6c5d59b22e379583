using Elanus.Roles;

namespace Elanus.Server;

/// <summary>A plan whose files stay until it is disposed.</summary>
public sealed class PinnedBackup(BackupPlan plan, CheckpointPin pin) : IDisposable
{
    public BackupPlan Plan => plan;

    public void Dispose() => pin.Dispose();
}
