using System.Globalization;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>How texts become values, one method a kind of setting. Each says what it takes, for the documentation and for errors.</summary>
internal static class SettingKinds
{
    public static Setting<int> Whole(string key, int @default, int least, int most, string description, string? flag = null, string flagValue = "VALUE")
    {
        var allowed = $"a whole number from {Text(least)} to {Text(most)}";
        return new(key, Text(@default), allowed, description, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
                ? value
                : Failure.Invalid($"'{text}' is not {allowed}"))
        {
            Flag = flag,
            FlagValue = flagValue,
        };
    }

    public static Setting<bool> Switch(string key, bool @default, string description) =>
        new(key, @default ? "true" : "false", "true or false (on or off)", description, text => text.ToUpperInvariant() switch
        {
            "TRUE" or "ON" or "1" => true,
            "FALSE" or "OFF" or "0" => false,
            _ => Failure.Invalid($"'{text}' is neither true nor false"),
        });

    /// <summary>A text; an empty one only where the default is empty too.</summary>
    public static Setting<string> Words(string key, string @default, string allowed, string description, string? flag = null, string flagValue = "VALUE", bool secret = false) =>
        new(key, @default, allowed, description, text => text.Length > 0 || @default.Length == 0 ? text : Failure.Invalid("it is empty"))
        {
            Flag = flag,
            FlagValue = flagValue,
            Secret = secret,
        };

    public static Setting<T> Choice<T>(string key, string @default, string description, params (string Name, T Value)[] choices)
    {
        var allowed = $"one of {string.Join(", ", choices.Select(c => c.Name))}";
        return new(key, @default, allowed, description, text =>
        {
            var at = Array.FindIndex(choices, c => string.Equals(c.Name, text, StringComparison.OrdinalIgnoreCase));
            return at >= 0 ? choices[at].Value : Failure.Invalid($"'{text}' is not {allowed}");
        });
    }

    /// <summary>HOST:PORT, or empty. An IPv6 address stands in brackets.</summary>
    public static Setting<HostAndPort?> Address(string key, string description, string flag) =>
        new(key, "", "HOST:PORT, the port from 1 to 65535", description, text =>
            text.Length == 0 ? Result<HostAndPort?>.Ok(null)
            : HostAndPort.TryParse(text, out var address) ? Result<HostAndPort?>.Ok(address)
            : Failure.Invalid($"'{text}' is not HOST:PORT with a port from 1 to 65535"))
        {
            Flag = flag,
            FlagValue = "HOST:PORT",
        };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
