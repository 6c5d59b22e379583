namespace Elanus.Architecture.Tests;

internal static class Faults
{
    /// <summary>Fails with every fault found, not only the first.</summary>
    public static void None(IEnumerable<string> faults, string rule)
    {
        var found = faults.ToList();
        Assert.True(found.Count == 0, $"{rule}\n{string.Join('\n', found)}");
    }
}
