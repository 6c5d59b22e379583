namespace Elanus.Compat.Tests;

/// <summary>A test that needs network namespaces; skipped, with the reason, where there are none.</summary>
internal sealed class OwnHostsFactAttribute : FactAttribute
{
    public OwnHostsFactAttribute() => Skip = OwnHosts.Obstacle;
}
