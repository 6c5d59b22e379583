namespace Elanus.Server;

/// <summary>One file as an inspection found it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="What">What it holds, in words.</param>
/// <param name="Faults">Each with file, offset and what is wrong; empty where it is whole.</param>
public sealed record CheckedFile(string Path, string What, IReadOnlyList<string> Faults);
