using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>One configuration key: its name (Milvus's, where it means the same), default, allowed values and what it does.</summary>
public abstract class Setting(string key, string @default, string allowed, string description)
{
    public string Key { get; } = key;

    /// <summary>The default as one would write it; empty where there is none.</summary>
    public string Default { get; } = @default;

    /// <summary>The values it takes, in words.</summary>
    public string Allowed { get; } = allowed;

    public string Description { get; } = description;

    /// <summary>The command-line flag that sets it, with its dashes; null where there is none.</summary>
    public string? Flag { get; init; }

    /// <summary>What the flag's value is called in the help.</summary>
    public string FlagValue { get; init; } = "VALUE";

    /// <summary>A secret is never printed.</summary>
    public bool Secret { get; init; }

    /// <summary>Why a text is no value of this setting; null where it is one.</summary>
    public abstract string? Fault(string text);
}

/// <summary>A setting whose values are of one type.</summary>
public sealed class Setting<T>(string key, string @default, string allowed, string description, Func<string, Result<T>> parse)
    : Setting(key, @default, allowed, description)
{
    public override string? Fault(string text) => parse(text).Failure?.Sentence;

    /// <summary>The typed value of a text that has no fault.</summary>
    public T Parse(string text) => parse(text).Value;
}
