namespace Elanus.Replication;

/// <summary>How far the copy is that this node fetches.</summary>
/// <param name="Bytes">Fetched, or held already.</param>
/// <param name="TotalBytes">Of the whole copy.</param>
/// <param name="Elapsed">Since it began.</param>
public sealed record CopyProgress(long Bytes, long TotalBytes, TimeSpan Elapsed)
{
    public int Percent => TotalBytes == 0 ? 0 : (int)(Bytes * 100 / TotalBytes);
}
