using Elanus.Expressions;

namespace Elanus.Roles;

/// <summary>What queries and searches have in common: which rows, how fresh, and which fields come back.</summary>
public record ReadScope
{
    public required string Database { get; init; }

    /// <summary>Name or alias.</summary>
    public required string Collection { get; init; }

    /// <summary>Names; empty for all that are loaded.</summary>
    public IReadOnlyList<string> Partitions { get; init; } = [];

    /// <summary>Null for the collection's own.</summary>
    public ConsistencyLevel? Consistency { get; init; }

    /// <summary>For Session and Customized: everything up to it must be seen. 0 where the client gave none.</summary>
    public Timestamp Guarantee { get; init; }

    public string Filter { get; init; } = "";

    public IReadOnlyDictionary<string, Literal> Templates { get; init; } = new Dictionary<string, Literal>();

    /// <summary>Takes what the answer holds of the memory for reads; null where the caller keeps no answer for long.</summary>
    public AnswerHold? Hold { get; init; }

    /// <summary>Field names, dynamic keys, or <c>*</c> for all.</summary>
    public IReadOnlyList<string> OutputFields { get; init; } = [];
}
