using Microsoft.AspNetCore.Http;

namespace Elanus.Milvus.Rest;

/// <summary>A request whose body is judged, for its handler.</summary>
internal sealed record RestCall
{
    internal const string DatabaseHeader = "DB-Name";
    private const string Int64Header = "Accept-Type-Allow-Int64";

    public required RestBody Body { get; init; }

    /// <summary>The database of the body, else of the header, else the default one.</summary>
    public required string Database { get; init; }

    public string Collection => Body.Text("collectionName");

    /// <summary>Whether integers of 64 bits are answered as numbers rather than as texts.</summary>
    public required bool Int64AsNumbers { get; init; }

    /// <summary>Empty where authentication is off.</summary>
    public required string User { get; init; }

    /// <summary>What makes the call the same when it comes again; null where the client did not name it.</summary>
    public RequestIdentity? Request { get; init; }

    public required CancellationToken Cancel { get; init; }

    /// <summary>What the answer holds until it is sent.</summary>
    public AnswerHold Hold { get; } = new();

    public static RestCall Of(HttpRequest request, RestBody body, string user, CancellationToken cancel)
    {
        var header = request.Headers[DatabaseHeader].ToString();
        return new()
        {
            Body = body,
            Database = body.Text("dbName", header.Length > 0 ? header : DatabaseInfo.DefaultName),
            Int64AsNumbers = request.Headers[Int64Header].ToString() is "1" or "t" or "T" or "true" or "True" or "TRUE",
            User = user,
            Cancel = cancel,
        };
    }
}
