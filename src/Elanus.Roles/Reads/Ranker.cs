namespace Elanus.Roles;

/// <summary>How the results of several searches become one list.</summary>
public abstract record Ranker
{
    /// <summary>Reciprocal rank fusion (Cormack et al., 2009): the sum over the searches of 1 / (k + rank).</summary>
    public sealed record Rrf(double K = 60) : Ranker;

    /// <summary>The weighted sum of scores, each brought to 0..1 first (where <paramref name="NormScore"/>), larger being better.</summary>
    public sealed record Weighted(IReadOnlyList<double> Weights, bool NormScore) : Ranker;
}
