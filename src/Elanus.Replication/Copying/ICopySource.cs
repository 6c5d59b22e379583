namespace Elanus.Replication;

/// <summary>Where an active takes what another node copies. Any thread.</summary>
public interface ICopySource
{
    /// <summary>What the newest checkpoint, and the log from there, consist of now; nothing of it goes before the offer is disposed.</summary>
    Task<Result<ICopyOffer>> OfferAsync(CancellationToken cancel);
}
