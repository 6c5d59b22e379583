namespace Elanus.Compat.Tests;

/// <summary>As <see cref="NodeFactAttribute"/>, for one result a case.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = NodeCases.Obstacle();
}
