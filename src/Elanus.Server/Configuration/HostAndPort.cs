using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Elanus.Server;

/// <summary>A network address as people write it; an IPv6 host stands in brackets only in the text.</summary>
public sealed record HostAndPort(string Host, int Port)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out HostAndPort? address)
    {
        address = null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65535)
        {
            return false;
        }

        var host = text[..colon];
        var bracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (bracketed)
        {
            host = host[1..^1];
        }

        if (host.Any(char.IsWhiteSpace) || host.Contains(':', StringComparison.Ordinal) != bracketed)
        {
            return false;
        }

        address = new(host, port);
        return true;
    }

    /// <summary>Whether a host stands for all addresses of a machine: one can listen there, and not be reached.</summary>
    public static bool IsAnyAddress(string host) => IPAddress.TryParse(host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    public override string ToString() => (Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:" : $"{Host}:") + Port.ToString(CultureInfo.InvariantCulture);
}
