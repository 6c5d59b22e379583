using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>An inverted index as one run of bytes (<see cref="SparseLayout"/>), in its own memory or viewed in somebody else's.</summary>
internal sealed unsafe class SparseImage : IDisposable
{
    private const int RowsBetweenCancelChecks = 4096;

    private readonly AlignedMemory? owned;
    private readonly byte* image;

    private SparseImage(byte* image, SparseLayout layout, AlignedMemory? owned)
    {
        this.owned = owned;
        this.image = image;
        Layout = layout;
    }

    public SparseLayout Layout { get; }

    public ref SparseHeader Header => ref *(SparseHeader*)image;

    public Span<uint> Terms => new(image + Layout.Terms, Header.Terms);

    public Span<long> Starts => new(image + Layout.Starts, Header.Terms + 1);

    public int* Rows => (int*)(image + Layout.Rows);

    public float* Values => (float*)(image + Layout.Values);

    private ImageChecksums Checksums => new(image, SparseHeader.Bytes, Layout.Checksums);

    public void Write(Stream to) => ImageStream.Write(image, Layout.Length, to);

    public void CopyTo(long offset, Span<byte> into)
    {
        Invariant.Holds(offset >= 0 && offset + into.Length <= Layout.Length, "a part of an image reaches past its end");
        new ReadOnlySpan<byte>(image + offset, into.Length).CopyTo(into);
    }

    public static SparseImage Build(ReadOnlySpan<SparseBlock> blocks, CancellationToken cancel)
    {
        var (counts, rows, postings) = Count(blocks, cancel);
        var layout = new SparseLayout(counts.Count, postings);
        var memory = new AlignedMemory(layout.Length);
        try
        {
            var built = new SparseImage(memory.Pointer, layout, memory);
            built.Header = new SparseHeader
            {
                Magic = SparseHeader.MagicNumber,
                Format = SparseHeader.FormatNumber,
                Rows = rows,
                Terms = counts.Count,
                Postings = postings,
                Length = layout.Length,
            };
            built.Fill(blocks, counts, cancel);
            built.Checksums.Write();
            return built;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>A view of an image over a number of rows, or why these bytes are not one.</summary>
    public static Result<SparseImage> View(byte* image, long length, int rows, AlignedMemory? owned)
    {
        if (length < SparseHeader.Bytes)
        {
            return Refused($"{length} bytes are too few");
        }

        var header = *(SparseHeader*)image;
        if (header.Magic != SparseHeader.MagicNumber)
        {
            return Refused("it does not begin with the mark of one");
        }

        if (header.Format != SparseHeader.FormatNumber)
        {
            return Refused($"its format is {header.Format}, and {SparseHeader.FormatNumber} is read here");
        }

        if (header.Rows != rows)
        {
            return Refused("it was built for other vectors");
        }

        if (header.Terms < 0 || header.Postings < header.Terms || header.Postings > length)
        {
            return Refused("its header makes no sense");
        }

        var layout = new SparseLayout(header.Terms, header.Postings);
        if (layout.Length != length || header.Length != length)
        {
            return Refused($"it is {length} bytes long instead of {layout.Length}");
        }

        var view = new SparseImage(image, layout, owned);
        return view.Checksums.Damage() is { } damage ? Refused(damage) : view;
    }

    public void Dispose() => owned?.Dispose();

    private static Failure Refused(string why) => new(FailureCode.Unexpected, $"this is no usable sparse index: {why}");

    private static (Dictionary<uint, long> Counts, int Rows, long Postings) Count(ReadOnlySpan<SparseBlock> blocks, CancellationToken cancel)
    {
        var counts = new Dictionary<uint, long>();
        var rows = 0;
        var postings = 0L;
        foreach (var block in blocks)
        {
            Invariant.Holds(block.FirstRow == rows, "sparse blocks are not in the order of their rows");
            for (var row = 0; row < block.Count; row++)
            {
                if (row % RowsBetweenCancelChecks == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                }

                foreach (var pair in SparseVector.Pairs(block.Row(row)))
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, pair.Index, out _)++;
                    postings++;
                }
            }

            rows += block.Count;
        }

        return (counts, rows, postings);
    }

    private void Fill(ReadOnlySpan<SparseBlock> blocks, Dictionary<uint, long> places, CancellationToken cancel)
    {
        var terms = Terms;
        var starts = Starts;
        var at = 0;
        foreach (var term in places.Keys)
        {
            terms[at++] = term;
        }

        terms.Sort();
        var start = 0L;
        for (var i = 0; i < terms.Length; i++)
        {
            starts[i] = start;
            ref var place = ref CollectionsMarshal.GetValueRefOrNullRef(places, terms[i]);
            (place, start) = (start, start + place);
        }

        starts[terms.Length] = start;
        foreach (var block in blocks)
        {
            for (var row = 0; row < block.Count; row++)
            {
                if (row % RowsBetweenCancelChecks == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                }

                foreach (var pair in SparseVector.Pairs(block.Row(row)))
                {
                    var place = CollectionsMarshal.GetValueRefOrNullRef(places, pair.Index)++;
                    Rows[place] = block.FirstRow + row;
                    Values[place] = pair.Value;
                }
            }
        }
    }
}
