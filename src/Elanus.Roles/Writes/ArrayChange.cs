namespace Elanus.Roles;

/// <summary>What a partial upsert does with the values it carries for an array field.</summary>
public enum ArrayChange
{
    Replace,
    Append,
    Remove,
}
