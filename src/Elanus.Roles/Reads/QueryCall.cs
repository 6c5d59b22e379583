namespace Elanus.Roles;

/// <summary>A query by filter. <c>count(*)</c> as the only output field counts the rows instead.</summary>
public sealed record QueryCall : ReadScope
{
    /// <summary>At most so many rows, those of the lowest keys; null for no limit.</summary>
    public long? Limit { get; init; }

    public long Offset { get; init; }

    /// <summary>Leaves out rows of segments that still grow.</summary>
    public bool IgnoreGrowing { get; init; }

    /// <summary>An iterator's step: rows in the order of their keys, under <see cref="Limit"/>.</summary>
    public bool IsIterator { get; init; }
}
