namespace Elanus.Compat.Tests;

/// <summary>A test that needs node and the client from npm; skipped, with the reason, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = NodeCases.Obstacle();
}
