namespace Elanus.Roles;

/// <summary>A named part of a collection's rows.</summary>
public sealed record PartitionInfo(PartitionId Id, string Name, Timestamp Created)
{
    public const string DefaultName = "_default";
}
