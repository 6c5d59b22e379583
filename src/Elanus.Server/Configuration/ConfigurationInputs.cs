namespace Elanus.Server;

/// <summary>Everything a configuration is read from. Nothing here touches the machine, so that tests can give it all.</summary>
public sealed record ConfigurationInputs
{
    /// <summary>Values by flag, with its dashes.</summary>
    public IReadOnlyDictionary<string, string> Flags { get; init; } = new Dictionary<string, string>();

    /// <summary>Words of the command line that are no flag of the command.</summary>
    public IReadOnlyList<string> UnknownWords { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How errors name the file.</summary>
    public string FileName { get; init; } = "elanus.yaml";

    /// <summary>The file's text; null where there is none.</summary>
    public string? FileText { get; init; }
}
