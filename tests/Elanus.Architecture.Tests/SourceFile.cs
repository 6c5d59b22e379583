namespace Elanus.Architecture.Tests;

/// <summary>One file of the project: its path from the root, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string[] Lines => Text.Split('\n');

    /// <summary>The lines that match, each as "path:number: text".</summary>
    public IEnumerable<string> Where(Func<string, bool> matches) => Lines
        .Select((line, i) => (Line: line, Number: i + 1))
        .Where(l => matches(l.Line))
        .Select(l => $"{Path}:{l.Number}: {l.Line.Trim()}");
}
