namespace Elanus.Server;

/// <summary>How names of keys are compared, in files and in the environment alike: as Milvus does.</summary>
public static class KeyNames
{
    /// <summary>The key of <see cref="Settings.Tls"/>.</summary>
    public const string TlsMode = "common.security.tlsMode";

    /// <summary>Milvus's top-level sections. A key in one of them that Elanus does not use is a warning, not an error.</summary>
    private static readonly HashSet<string> MilvusSections = new(StringComparer.OrdinalIgnoreCase)
    {
        "etcd", "metastore", "tikv", "localStorage", "minio", "mq", "woodpecker", "pulsar", "kafka", "rocksmq", "natsmq", "mixCoord", "rootCoord",
        "proxy", "queryCoord", "queryNode", "indexCoord", "indexNode", "dataCoord", "dataNode", "msgChannel", "log", "grpc", "tls", "internaltls",
        "common", "quotaAndLimits", "trace", "gpu", "streaming", "streamingNode", "credential", "function", "knowhere", "autoIndex", "hook",
    };

    /// <summary>The name in lower case without '/', '_' and '.'.</summary>
    public static string Canonical(string name) => string.Concat(name.Where(c => !IsSeparator(c)).Select(char.ToLowerInvariant));

    /// <summary>Whether two names are one key's (equal <see cref="Canonical"/>), without making either.</summary>
    public static bool IsSame(string left, string right)
    {
        var (l, r) = (0, 0);
        while (true)
        {
            l = NextLetter(left, l);
            r = NextLetter(right, r);
            if (l == left.Length || r == right.Length)
            {
                return l == left.Length && r == right.Length;
            }

            if (char.ToLowerInvariant(left[l++]) != char.ToLowerInvariant(right[r++]))
            {
                return false;
            }
        }
    }

    private static int NextLetter(string name, int from)
    {
        while (from < name.Length && IsSeparator(name[from]))
        {
            from++;
        }

        return from;
    }

    private static bool IsSeparator(char c) => c is '/' or '_' or '.';

    public static bool IsInMilvusSection(string key) => MilvusSections.Contains(key.Split('.')[0]);

    /// <summary>The candidate nearest to a name by edits (one edit: a letter added, dropped, changed, or two swapped); null where none is near.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var nearest = candidates.Select(c => (Name: c, Edits: Edits(Canonical(name), Canonical(c)))).OrderBy(c => c.Edits).FirstOrDefault();
        return nearest.Name is not null && nearest.Edits <= Math.Max(2, Canonical(name).Length / 2) ? nearest.Name : null;
    }

    /// <summary>Damerau and Levenshtein's distance with adjacent swaps (optimal string alignment).</summary>
    public static int Edits(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var change = left[i - 1] == right[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[left.Length, right.Length];
    }
}
