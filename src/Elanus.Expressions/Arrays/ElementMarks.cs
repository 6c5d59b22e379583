namespace Elanus.Expressions;

/// <summary>Which elements of an <see cref="ElementIndex"/> a row has shown so far.</summary>
internal ref struct ElementMarks(Span<ulong> found)
{
    private readonly Span<ulong> found = found;

    /// <summary>How many different elements were marked.</summary>
    public int Count { get; private set; }

    public static int WordsFor(int elements) => (elements + 63) / 64;

    public void Clear()
    {
        if (Count > 0)
        {
            found.Clear();
        }

        Count = 0;
    }

    /// <summary>Marks an element; -1 is none.</summary>
    public void Add(int number)
    {
        if (number >= 0 && (found[number >> 6] >> number & 1) == 0)
        {
            found[number >> 6] |= 1UL << number;
            Count++;
        }
    }
}
