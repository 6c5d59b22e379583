namespace Elanus.Coordination.Tests;

/// <summary>A test that needs a program of the system, by its name, and is skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program) => Skip = Programs.WhyMissing(program);
}
