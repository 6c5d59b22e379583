namespace Elanus.Primitives;

/// <summary>The one wording of "there is no room": Milvus's clients know its beginning.</summary>
public static class DiskFull
{
    public static Failure For(string path) =>
        new(FailureCode.QuotaExceeded, "", [new("reason", $"disk quota exceeded, no room left on the disk for {path}")]);
}
