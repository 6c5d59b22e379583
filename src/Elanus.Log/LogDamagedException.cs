namespace Elanus.Log;

/// <summary>The log's files are damaged where they were once durable. Nothing was changed.</summary>
public sealed class LogDamagedException(LogDamage damage) : Exception(damage.ToString())
{
    public LogDamage Damage { get; } = damage;
}
