using System.Text;

namespace Elanus.Cli;

/// <summary>Turns the names of the documentation's format into what people read. Type parameters are T, or T1, T2 ..., for the format has no names.</summary>
internal static class MemberName
{
    /// <summary><c>M:System.Array.Sort``1(``0[])</c> is <c>System.Array.Sort&lt;T&gt;(T[])</c>.</summary>
    public static string Display(string id)
    {
        var (path, arguments) = Cut(id);
        var shown = Types(path, shorten: false);
        if (arguments.Length > 0)
        {
            shown += $"({string.Join(", ", Arguments(arguments).Select(a => Types(a, shorten: true)))})";
        }

        return shown;
    }

    /// <summary>The last part of a dotted name without arguments and type parameters: <c>Sort</c>.</summary>
    public static string Last(string id) => Parts(id)[^1];

    /// <summary>The dotted parts in front of the arguments, without type parameters: <c>System, Array, Sort</c>.</summary>
    public static string[] Parts(string id) => [.. Cut(id).Path.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('`', '{', '~')[0])];

    private static (string Path, string Arguments) Cut(string id)
    {
        var name = id.Length > 2 && id[1] == ':' ? id[2..] : id;
        var open = name.IndexOf('(', StringComparison.Ordinal);
        var close = name.LastIndexOf(')');
        var path = open < 0 ? name : name[..open];
        path = path.Replace(".#ctor", ".new", StringComparison.Ordinal).Replace(".#cctor", ".new", StringComparison.Ordinal).Replace('#', '.');
        return (path, open < 0 || close < open ? "" : name[(open + 1)..close]);
    }

    private static IEnumerable<string> Arguments(string list)
    {
        var (depth, from) = (0, 0);
        for (var i = 0; i <= list.Length; i++)
        {
            if (i == list.Length || (list[i] == ',' && depth == 0))
            {
                yield return list[from..i];
                from = i + 1;
            }
            else
            {
                depth += list[i] is '{' or '[' or '(' ? 1 : list[i] is '}' or ']' or ')' ? -1 : 0;
            }
        }
    }

    /// <summary>Writes type parameters in angle brackets; drops namespaces where asked.</summary>
    private static string Types(string name, bool shorten)
    {
        var shown = new StringBuilder();
        var word = 0;
        for (var i = 0; i < name.Length; i++)
        {
            switch (name[i])
            {
                case '`':
                    var from = i;
                    while (i + 1 < name.Length && (char.IsAsciiDigit(name[i + 1]) || name[i + 1] == '`'))
                    {
                        i++;
                    }

                    var number = int.TryParse(name[from..(i + 1)].TrimStart('`'), out var n) ? n : 0;
                    var isParameter = from == 0 || name[from - 1] is '{' or ',' or '(';
                    shown.Append(isParameter ? (number == 0 ? "T" : $"T{number + 1}") : Parameters(number));
                    break;
                case '{' or '}':
                    shown.Append(name[i] == '{' ? '<' : '>');
                    word = shown.Length;
                    break;
                case ',':
                    shown.Append(", ");
                    word = shown.Length;
                    break;
                case '.' when shorten:
                    shown.Length = word;
                    break;
                case '@' or '~':
                    break;
                default:
                    shown.Append(name[i]);
                    break;
            }
        }

        return shown.ToString();
    }

    private static string Parameters(int count) => count == 1 ? "<T>" : $"<{string.Join(", ", Enumerable.Range(1, count).Select(i => $"T{i}"))}>";
}
