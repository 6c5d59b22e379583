namespace Elanus.Rpc.Tests;

internal static class Waiting
{
    /// <summary>Returns once the condition holds; fails if it does not within ten seconds.</summary>
    public static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
