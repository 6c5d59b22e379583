namespace Elanus.Milvus;

/// <summary>What every call carries beside its request.</summary>
public sealed record CallScope
{
    /// <summary>The database named in the call's metadata; empty where none is.</summary>
    public string MetadataDatabase { get; init; } = "";

    /// <summary>The user behind the call; empty where authentication is off.</summary>
    public string User { get; init; } = "";

    /// <summary>What names the call, where the client or a node that passed it on named it; null or empty otherwise.</summary>
    public string? RequestId { get; init; }

    public CancellationToken Cancel { get; init; }

    /// <summary>What the call's answer holds until it is sent.</summary>
    public AnswerHold Hold { get; } = new();

    /// <summary>Set by a handler where nothing was done because this node is not the active one: the call ends with UNAVAILABLE then, whatever its reply.</summary>
    internal Failure? NotActive { get; set; }

    /// <summary>The database that a call means: the one in its body, else the one in its metadata, else the default one.</summary>
    public string Database(string inBody) => inBody.Length > 0 ? inBody : MetadataDatabase.Length > 0 ? MetadataDatabase : DatabaseInfo.DefaultName;
}
