namespace Elanus.Roles;

/// <summary>
/// A name may come to mean another collection while a read waits for the log, and the one that it meant be dropped: that is how a collection is replaced under an alias. Such a read is
/// made again, of what the name means now, instead of failing for a collection that nobody asked for.
/// </summary>
internal static class NameMoves
{
    private const int ReadsMax = 4;

    /// <param name="proxy">What the proxy's parts share.</param>
    /// <param name="scope">The name.</param>
    /// <param name="read">Reads it once, resolving the name anew; one that finds the collection gone has used nothing up.</param>
    public static async Task<Result<T>> Follow<T>(ProxyContext proxy, ReadScope scope, Func<Task<Result<T>>> read)
    {
        for (var reads = 1; ; reads++)
        {
            var meant = proxy.Collection(scope.Database, scope.Collection);
            var answer = await read();
            if (answer.Failure?.Code != FailureCode.CollectionNotFound
                || reads == ReadsMax
                || !meant.TryGet(out var before, out _)
                || !proxy.Collection(scope.Database, scope.Collection).TryGet(out var now, out _)
                || now.Id == before.Id)
            {
                return answer;
            }
        }
    }
}
