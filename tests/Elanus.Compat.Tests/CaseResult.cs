namespace Elanus.Compat.Tests;

/// <summary>How one case of a file ended; the line that the reporter in tests/compat prints for it.</summary>
internal sealed record CaseResult(string Name, bool Passed, string Error);
