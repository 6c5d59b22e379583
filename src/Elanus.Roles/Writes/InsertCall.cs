namespace Elanus.Roles;

/// <summary>Rows to insert or upsert.</summary>
public sealed record InsertCall
{
    public required string Database { get; init; }

    public required string Collection { get; init; }

    /// <summary>Name; empty for the default.</summary>
    public string Partition { get; init; } = "";

    public required int Rows { get; init; }

    public required IReadOnlyList<ClientColumn> Columns { get; init; }

    /// <summary>Null where the call has no id: then it takes effect as often as it is called.</summary>
    public RequestIdentity? Request { get; init; }

    /// <summary>Upsert only: fields left out keep the values of the row that is replaced.</summary>
    public bool Partial { get; init; }

    /// <summary>Upsert only, partial: array fields whose values are appended to, or removed from, the row's.</summary>
    public IReadOnlyDictionary<string, ArrayChange> ArrayChanges { get; init; } = new Dictionary<string, ArrayChange>();
}
