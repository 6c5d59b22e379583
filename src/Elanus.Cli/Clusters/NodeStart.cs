namespace Elanus.Cli;

/// <summary>How one member is started.</summary>
/// <param name="Data">Its data directory.</param>
/// <param name="Arbiter">The judge's address.</param>
internal sealed record NodeStart(string Data, string Arbiter)
{
    /// <summary>Empty: a server that is alone, without a supervisor.</summary>
    public string Cluster { get; init; } = "local";

    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 takes a port that is free now.</summary>
    public int Port { get; init; }

    /// <summary>What goes before the program on the command line, to run it elsewhere.</summary>
    public IReadOnlyList<string> Within { get; init; } = [];

    /// <summary>Settings by the environment.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Further arguments of the program.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
