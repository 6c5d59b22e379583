namespace Elanus.Milvus.Rest;

/// <summary>Consistency levels by name.</summary>
internal static class ReadLevels
{
    /// <summary>The level of a name; null where there is none.</summary>
    public static Result<ConsistencyLevel?> Parse(string name)
    {
        if (name.Length == 0)
        {
            return Result<ConsistencyLevel?>.Ok(null);
        }

        foreach (var level in Enum.GetValues<ConsistencyLevel>())
        {
            if (level.ToString() == name)
            {
                return level;
            }
        }

        return Failure.Invalid($"consistencyLevel can only be [{string.Join(", ", Enum.GetNames<ConsistencyLevel>())}], default: Bounded, got {name}");
    }
}
