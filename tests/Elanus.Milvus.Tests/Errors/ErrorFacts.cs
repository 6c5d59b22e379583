namespace Elanus.Milvus.Tests.Errors;

/// <summary>The table of Milvus's errors, which lies beside the repository on the machines that have it.</summary>
internal static class ErrorFacts
{
    public static readonly string? Path = Find();

    public static Dictionary<int, (string Phrase, bool Retriable)> Read() => File.ReadLines(Path!)
        .Skip(1)
        .Select(line => line.TrimEnd('\r').Split('\t'))
        .ToDictionary(
            cells => int.Parse(cells[0], System.Globalization.CultureInfo.InvariantCulture),
            cells => (cells[2], bool.Parse(cells[3])));

    private static string? Find()
    {
        var beside = Wire.WireFacts.Path is { } wire ? System.IO.Path.Combine(System.IO.Path.GetDirectoryName(wire)!, "milvus-errors.tsv") : null;
        return File.Exists(beside) ? beside : null;
    }
}

/// <summary>A test that needs the table of errors.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ErrorFactsFactAttribute : FactAttribute
{
    public ErrorFactsFactAttribute()
    {
        if (ErrorFacts.Path is null)
        {
            Skip = "the table of errors (shared/wire beside the repository) is not on this machine";
        }
    }
}
