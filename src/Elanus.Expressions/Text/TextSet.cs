using System.Text;

namespace Elanus.Expressions;

/// <summary>An immutable set of texts, asked with UTF-8.</summary>
internal sealed class TextSet
{
    private readonly HashSet<byte[]> set;
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> lookup;

    public TextSet(IEnumerable<string> values)
    {
        set = new HashSet<byte[]>(values.Select(Encoding.UTF8.GetBytes), Utf8Comparer.Instance);
        lookup = set.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public IEnumerable<string> Values => set.Select(Encoding.UTF8.GetString);

    public bool Contains(ReadOnlySpan<byte> text) => lookup.Contains(text);
}
