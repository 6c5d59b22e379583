namespace Elanus.Primitives;

/// <summary>The one wording of "there is no room", which Milvus's clients know the beginning of; and the wait for room.</summary>
public static class DiskFull
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>Tries until the disk has room for it, or it ends otherwise; <paramref name="waits"/> is told once why it is not done yet.</summary>
    public static async Task<Result<T>> UntilRoom<T>(Func<ValueTask<Result<T>>> attempt, Action<Failure> waits, TimeProvider time, CancellationToken cancel)
    {
        for (var told = false; ; told = true)
        {
            var done = await attempt();
            if (done.Succeeded || done.Failure.Code != FailureCode.QuotaExceeded)
            {
                return done;
            }

            if (!told)
            {
                waits(done.Failure);
            }

            await Task.Delay(Again, time, cancel);
        }
    }

    public static Failure For(string path) =>
        new(FailureCode.QuotaExceeded, "", [new("reason", $"disk quota exceeded, no room left on the disk for {path}")]);
}
