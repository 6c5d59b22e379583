namespace Elanus.Storage;

/// <summary>A stored file is not what was written under its name. Nothing was changed.</summary>
public sealed class StoredFileDamagedException(StoredFileDamage damage) : Exception(damage.ToString())
{
    public StoredFileDamage Damage { get; } = damage;
}
