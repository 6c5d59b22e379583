using System.Globalization;

namespace Elanus.Coordination;

/// <summary>A host by name or number and a port; an IPv6 number stands in brackets.</summary>
internal readonly record struct HostPort(string Host, int Port)
{
    /// <param name="text">HOST:PORT, or HOST alone where there is a default.</param>
    /// <param name="defaultPort">Null where a port must be given.</param>
    /// <param name="parsed">What was understood.</param>
    public static bool TryParse(string text, int? defaultPort, out HostPort parsed)
    {
        var colon = text.LastIndexOf(':');
        if (colon >= 0 && text.IndexOf(']', colon) >= 0)
        {
            colon = -1;
        }

        var host = colon < 0 ? text : text[..colon];
        var port = colon < 0 ? defaultPort ?? 0
            : int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given
            : 0;
        parsed = new(host, port);
        return port is > 0 and <= 65535 && Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown && (!host.Contains(':', StringComparison.Ordinal) || (host[0] == '[' && host[^1] == ']'));
    }

    public override string ToString() => $"{Host}:{Port}";
}
