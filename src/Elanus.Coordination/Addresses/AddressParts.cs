using System.Collections.Immutable;

namespace Elanus.Coordination;

/// <summary>The parts of SCHEME://[USER[:PASSWORD]@]HOST[,HOST...][/PATH][?NAME=VALUE[&amp;...]], which is a URL with several hosts.</summary>
internal sealed record AddressParts(
    string Scheme, string? User, string? Password, ImmutableArray<string> Hosts, string Path, ImmutableArray<KeyValuePair<string, string>> Options)
{
    /// <summary>Null where there is no SCHEME:// in front.</summary>
    public static AddressParts? Of(string text)
    {
        var (scheme, rest) = Cut(text, "://");
        if (rest is null || scheme.Length == 0)
        {
            return null;
        }

        var (location, query) = Cut(rest, "?");
        // The last '@' before the path, so that one in a password that was not encoded does no harm.
        var slash = location.IndexOf('/', Math.Max(0, location.LastIndexOf('@')));
        var authority = slash < 0 ? location : location[..slash];
        var at = authority.LastIndexOf('@');
        var (user, password) = at < 0 ? (null, null) : Cut(authority[..at], ":");
        return new(
            scheme,
            user is null ? null : Uri.UnescapeDataString(user),
            password is null ? null : Uri.UnescapeDataString(password),
            [.. authority[(at + 1)..].Split(',')],
            slash < 0 ? "" : Uri.UnescapeDataString(location[slash..].Trim('/')),
            query is null ? [] : [.. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Assignment)]);
    }

    /// <summary>Whether user and password seem to end behind a '?': what is taken for the host and for options holds a part of them then, and must not be shown.</summary>
    public bool IsCutInCredentials => User is null && Options.Any(option => option.Key.Contains('@', StringComparison.Ordinal) || (!option.Value.StartsWith('/') && option.Value.Contains('@', StringComparison.Ordinal)));

    public string? Option(string name) => Options.Where(option => option.Key == name).Select(option => option.Value).LastOrDefault();

    /// <summary>The first option that is none of these.</summary>
    public string? Unknown(params ReadOnlySpan<string> known)
    {
        foreach (var option in Options)
        {
            if (!known.Contains(option.Key))
            {
                return option.Key;
            }
        }

        return null;
    }

    private static KeyValuePair<string, string> Assignment(string text)
    {
        var (name, value) = Cut(text, "=");
        return new(name, Uri.UnescapeDataString(value ?? ""));
    }

    private static (string Before, string? Behind) Cut(string text, string mark)
    {
        var place = text.IndexOf(mark, StringComparison.Ordinal);
        return place < 0 ? (text, null) : (text[..place], text[(place + mark.Length)..]);
    }
}
