using System.Text;

namespace Elanus.Expressions;

/// <summary>An immutable set of texts, asked with UTF-8. A few are compared one by one, more are looked up.</summary>
internal sealed class TextSet
{
    private const int FewMax = 8;

    private readonly byte[][] few;
    private readonly HashSet<byte[]> set;
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> lookup;

    public TextSet(IEnumerable<string> values)
    {
        set = new HashSet<byte[]>(values.Select(Encoding.UTF8.GetBytes), Utf8Comparer.Instance);
        lookup = set.GetAlternateLookup<ReadOnlySpan<byte>>();
        few = set.Count <= FewMax ? [.. set] : [];
    }

    public IEnumerable<string> Values => set.Select(Encoding.UTF8.GetString);

    public bool Contains(ReadOnlySpan<byte> text)
    {
        if (set.Count > FewMax)
        {
            return lookup.Contains(text);
        }

        foreach (var value in few)
        {
            if (text.SequenceEqual(value))
            {
                return true;
            }
        }

        return false;
    }
}
