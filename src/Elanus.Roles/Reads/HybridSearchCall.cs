namespace Elanus.Roles;

/// <summary>Several searches whose results are ranked together. Scope, output fields and freshness are those of the whole.</summary>
public sealed record HybridSearchCall : ReadScope
{
    public required IReadOnlyList<SearchCall> Searches { get; init; }

    public required Ranker Ranker { get; init; }

    public required long Limit { get; init; }

    public long Offset { get; init; }

    public int RoundDecimal { get; init; } = -1;

    public string GroupByField { get; init; } = "";

    public int GroupSize { get; init; } = 1;

    public bool StrictGroupSize { get; init; }
}
