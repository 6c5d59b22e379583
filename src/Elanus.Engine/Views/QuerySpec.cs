using Elanus.Expressions;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>A query by filter.</summary>
public sealed record QuerySpec
{
    public required FilterPlan Filter { get; init; }

    /// <summary>Fields of the answer.</summary>
    public IReadOnlyList<FieldId> Output { get; init; } = [];

    /// <summary>Most rows; null for all.</summary>
    public long? Limit { get; init; }

    /// <summary>Rows passed over before the first answered.</summary>
    public long Offset { get; init; }

    /// <summary>Only counts: every live row that matches, both rows of a key inserted twice.</summary>
    public bool CountOnly { get; init; }

    /// <summary>Leaves out rows of segments that still grow.</summary>
    public bool IgnoreGrowing { get; init; }

    /// <summary>Draws the rows of a random sample.</summary>
    public ulong SampleSeed { get; init; }
}
