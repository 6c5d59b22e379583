namespace Elanus.Replication;

/// <summary>A copy's files, pinned until it is disposed. One caller at a time reads.</summary>
public interface ICopyOffer : IAsyncDisposable
{
    CopyPlan Plan { get; }

    /// <summary>Fills a buffer from a file of the plan; less only at the file's end.</summary>
    ValueTask<int> ReadAsync(int file, long offset, Memory<byte> into, CancellationToken cancel);
}
