using Elanus.Expressions;

namespace Elanus.Roles;

/// <summary>Rows to delete, by an expression (a list of keys is one).</summary>
public sealed record DeleteCall
{
    public required string Database { get; init; }

    public required string Collection { get; init; }

    /// <summary>Name; empty for all.</summary>
    public string Partition { get; init; } = "";

    public required string Filter { get; init; }

    public IReadOnlyDictionary<string, Literal> Templates { get; init; } = new Dictionary<string, Literal>();

    /// <summary>Null where the call has no id: then it takes effect as often as it is called.</summary>
    public RequestIdentity? Request { get; init; }

    public ConsistencyLevel? Consistency { get; init; }
}
