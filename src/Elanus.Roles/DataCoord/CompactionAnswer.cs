namespace Elanus.Roles;

/// <summary>A compaction that was asked for.</summary>
/// <param name="Id">Names the request.</param>
/// <param name="Plans">How many merges it has.</param>
public readonly record struct CompactionAnswer(long Id, int Plans);
