namespace Elanus.Server;

/// <summary>The text given for a setting, and by what: a flag, a variable, a line of the file, or the default.</summary>
public sealed record SettingValue(Setting Setting, string Text, string Origin);
