namespace Elanus.Compat.Tests;

/// <summary>A test that injects faults into system calls; skipped, with the reason, where strace is missing or may not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SyncFaultFactAttribute : FactAttribute
{
    public SyncFaultFactAttribute() => Skip = SyncFaults.Obstacle;
}
