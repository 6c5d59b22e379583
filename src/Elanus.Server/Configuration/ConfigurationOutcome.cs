namespace Elanus.Server;

/// <summary>
/// A configuration, or every reason why there is none; and what was found that does no harm. <see cref="Values"/> holds, for each setting
/// in the order of <see cref="Settings.All"/>, the value that holds and where it comes from.
/// </summary>
public sealed record ConfigurationOutcome(
    ServerConfiguration? Configuration, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings, IReadOnlyList<SettingValue> Values);
