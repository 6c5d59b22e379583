namespace Elanus.Milvus.Rest;

/// <summary>One path below <c>/v2/vectordb/</c>, the members that its body must have, and what answers it (null: not yet).</summary>
internal sealed record RestRoute(string Path, IReadOnlyList<string> Required, Func<RestCall, Task<Result<RestReply>>>? Handle)
{
    public static RestRoute To(string path, string[] required, Func<RestCall, Task<Result<RestReply>>> handle) => new(path, required, handle);

    /// <summary>A path that is answered at once.</summary>
    public static RestRoute To(string path, string[] required, Func<RestCall, Result<RestReply>> handle) =>
        new(path, required, call => Task.FromResult(handle(call)));

    public static RestRoute NotYet(string path) => new(path, [], null);
}
