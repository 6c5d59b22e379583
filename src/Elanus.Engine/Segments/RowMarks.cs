using System.Numerics;

namespace Elanus.Engine;

/// <summary>
/// One bit a row that changes while readers hold earlier states: pages of 4,096 rows, each copied at the first change after a freeze.
/// Writers and Freeze stand under the collection's lock; what Freeze gave out is read by any thread and never changes.
/// </summary>
internal sealed class RowMarks
{
    public const int WordsPerPage = 64;
    public const int RowsPerPage = WordsPerPage * 64;

    private ulong[]?[] pages = [];

    // The freeze count at which a page was made; below the current one it is shared with a frozen state.
    private int[] made = [];
    private int freezes;
    private bool tableShared;

    /// <summary>How many rows are marked.</summary>
    public int Count { get; private set; }

    public bool this[int row] =>
        row / RowsPerPage < pages.Length && pages[row / RowsPerPage] is { } page && (page[(row >> 6) & (WordsPerPage - 1)] >> row & 1) != 0;

    /// <summary>Marks a row, or takes its mark away; answers whether that changed it.</summary>
    public bool Set(int row, bool marked = true)
    {
        if (this[row] == marked)
        {
            return false;
        }

        ref var word = ref Own(row / RowsPerPage)[(row >> 6) & (WordsPerPage - 1)];
        word ^= 1UL << row;
        Count += marked ? 1 : -1;
        return true;
    }

    /// <summary>Puts the marks of 4,096 rows back, as <see cref="Frozen.Pages"/> gave them. Each page once, before anything else.</summary>
    public void Load(int page, ReadOnlySpan<ulong> words)
    {
        foreach (var word in words)
        {
            Count += BitOperations.PopCount(word);
        }

        words.CopyTo(Own(page));
    }

    public Frozen Freeze()
    {
        if (Count == 0)
        {
            return default;
        }

        freezes++;
        tableShared = true;
        return new(pages, Count);
    }

    private ulong[] Own(int page)
    {
        if (tableShared || page >= pages.Length)
        {
            Array.Resize(ref made, Math.Max(pages.Length, page + 1));
            var table = new ulong[made.Length][];
            pages.CopyTo(table, 0);
            pages = table;
            tableShared = false;
        }

        if (pages[page] is null || made[page] < freezes)
        {
            pages[page] = pages[page] is { } shared ? (ulong[])shared.Clone() : new ulong[WordsPerPage];
            made[page] = freezes;
        }

        return pages[page]!;
    }

    /// <summary>The marks of one moment.</summary>
    public readonly struct Frozen
    {
        private readonly ulong[]?[]? pages;

        internal Frozen(ulong[]?[] pages, int count)
        {
            this.pages = pages;
            Count = count;
        }

        public int Count { get; }

        public bool this[int row] =>
            pages is not null && row / RowsPerPage < pages.Length && pages[row / RowsPerPage] is { } page
            && (page[(row >> 6) & (WordsPerPage - 1)] >> row & 1) != 0;

        /// <summary>How many rows from one on are marked.</summary>
        public int CountFrom(int row)
        {
            var count = Count;
            for (var word = 0; count > 0 && word <= row >> 6 && word / WordsPerPage < pages!.Length; word++)
            {
                var marks = pages[word / WordsPerPage]?[word & (WordsPerPage - 1)] ?? 0;
                count -= BitOperations.PopCount(word < row >> 6 ? marks : marks & ((1UL << row) - 1));
            }

            return count;
        }

        /// <summary>Clears, in bits that start at row <paramref name="start"/> (a multiple of 64), those of marked rows.</summary>
        public void ClearIn(Span<ulong> bits, int start)
        {
            if (pages is null)
            {
                return;
            }

            for (var i = 0; i < bits.Length;)
            {
                var word = (start >> 6) + i;
                var page = word / WordsPerPage;
                if (page >= pages.Length)
                {
                    return;
                }

                var run = Math.Min(bits.Length - i, WordsPerPage - (word & (WordsPerPage - 1)));
                if (pages[page] is { } marks)
                {
                    for (var j = 0; j < run; j++)
                    {
                        bits[i + j] &= ~marks[(word & (WordsPerPage - 1)) + j];
                    }
                }

                i += run;
            }
        }

        /// <summary>The pages that hold marks, by number.</summary>
        public IEnumerable<(int Page, ReadOnlyMemory<ulong> Words)> Pages()
        {
            for (var p = 0; p < (pages?.Length ?? 0); p++)
            {
                if (pages![p] is { } page && page.AsSpan().ContainsAnyExcept(0UL))
                {
                    yield return (p, page);
                }
            }
        }

        /// <summary>Marked rows in ascending order.</summary>
        public IEnumerable<int> Rows()
        {
            for (var p = 0; p < (pages?.Length ?? 0); p++)
            {
                for (var w = 0; pages![p] is { } page && w < WordsPerPage; w++)
                {
                    for (var word = page[w]; word != 0; word &= word - 1)
                    {
                        yield return (p * RowsPerPage) + (w * 64) + BitOperations.TrailingZeroCount(word);
                    }
                }
            }
        }
    }
}
