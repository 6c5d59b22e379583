using System.Text;

namespace Elanus.Rpc.Framing;

/// <summary>The grpc-message header: UTF-8, with every byte outside printable ASCII, and the percent sign, as %XX.</summary>
internal static class StatusText
{
    public static string Encode(string message)
    {
        if (!message.AsSpan().ContainsAnyExceptInRange(' ', '~') && !message.Contains('%', StringComparison.Ordinal))
        {
            return message;
        }

        var text = new StringBuilder(message.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(message))
        {
            if (b is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
            {
                text.Append((char)b);
            }
            else
            {
                text.Append('%').Append(Convert.ToHexString([b]));
            }
        }

        return text.ToString();
    }

    /// <summary>Takes what is not validly encoded as it stands: a garbled sentence is better than none.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var raw = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '%' && i + 2 < raw.Length && char.IsAsciiHexDigit((char)raw[i + 1]) && char.IsAsciiHexDigit((char)raw[i + 2]))
            {
                raw[length++] = (byte)((Convert.ToInt32(((char)raw[i + 1]).ToString(), 16) << 4) | Convert.ToInt32(((char)raw[i + 2]).ToString(), 16));
                i += 2;
            }
            else
            {
                raw[length++] = raw[i];
            }
        }

        return Encoding.UTF8.GetString(raw, 0, length);
    }
}
