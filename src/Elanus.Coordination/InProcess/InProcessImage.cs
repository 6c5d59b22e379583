using System.Collections.Immutable;

namespace Elanus.Coordination;

/// <summary>All that an <see cref="InProcessStore"/> keeps at one moment.</summary>
public sealed record InProcessImage
{
    public static readonly InProcessImage Empty = new();

    private InProcessImage()
    {
    }

    internal long LastVersion { get; init; }

    internal ImmutableDictionary<string, StoredRecord> Records { get; init; } = ImmutableDictionary<string, StoredRecord>.Empty;

    internal ImmutableDictionary<string, Hint> Alive { get; init; } = ImmutableDictionary<string, Hint>.Empty;

    internal ImmutableDictionary<(string Role, string Name), string> Values { get; init; } = ImmutableDictionary<(string Role, string Name), string>.Empty;

    internal sealed record Hint(AliveNote Note, TimeSpan Lifetime, long RenewedAt);
}
