using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// A graph as one run of bytes (see <see cref="HnswLayout"/>): built in its own memory, or viewed where a file was mapped or read to. Searches
/// only read it; what it views must stay in place until it is disposed of.
/// </summary>
internal sealed unsafe class HnswImage : IDisposable
{
    private readonly AlignedMemory? owned;
    private readonly byte* image;
    private readonly int* baseLinks;
    private readonly int* upperFirst;
    private readonly int* upperLinks;
    private readonly int* twins;

    private HnswImage(byte* image, HnswLayout layout, AlignedMemory? owned)
    {
        this.owned = owned;
        this.image = image;
        Layout = layout;
        baseLinks = (int*)(image + layout.BaseLinks);
        upperFirst = (int*)(image + layout.UpperFirst);
        upperLinks = (int*)(image + layout.UpperLinks);
        twins = (int*)(image + layout.Twins);
    }

    public HnswLayout Layout { get; }

    public ref HnswHeader Header => ref *(HnswHeader*)image;

    public byte* Codes => image + Layout.Codes;

    public float* Centre => (float*)(image + Layout.Centre);

    public void Write(Stream to) => ImageStream.Write(image, Layout.Length, to);

    public void CopyTo(long offset, Span<byte> into)
    {
        Invariant.Holds(offset >= 0 && offset + into.Length <= Layout.Length, "a part of an image reaches past its end");
        new ReadOnlySpan<byte>(image + offset, into.Length).CopyTo(into);
    }

    private ImageChecksums Checksums => new(image, HnswHeader.Bytes, Layout.Checksums);

    /// <summary>The list of a row on the lowest layer: <see cref="HnswLayout.BaseStride"/> places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* BaseLinks(int row) => baseLinks + (long)row * Layout.BaseStride;

    /// <summary>The list of a row on a layer from 1 on, which the row must be on.</summary>
    public int* UpperLinks(int row, int level) => upperLinks + (long)(upperFirst[row] + level - 1) * Layout.UpperStride;

    /// <summary>Another row with the very same vector that is not in the graph itself, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NextTwin(int row) => twins[row];

    public void SetUpperFirst(int row, int list) => upperFirst[row] = list;

    /// <summary>Hangs a row behind the one in the graph whose vector it shares.</summary>
    public void AddTwin(int row, int twin)
    {
        twins[twin] = twins[row];
        twins[row] = twin;
    }

    /// <summary>A graph without links, in memory of its own.</summary>
    public static HnswImage Create(VectorSpace space, HnswParameters parameters, int rows, int upperLists, bool hasCodes)
    {
        var layout = new HnswLayout(space, rows, parameters.M, upperLists, hasCodes);
        var memory = new AlignedMemory(layout.Length);
        var created = new HnswImage(memory.Pointer, layout, memory);
        created.Header = new HnswHeader
        {
            Magic = HnswHeader.MagicNumber,
            Format = HnswHeader.FormatNumber,
            Type = (int)space.Type,
            Dimension = space.Dimension,
            Metric = (int)space.Metric,
            Rows = rows,
            M = parameters.M,
            EfConstruction = parameters.EfConstruction,
            Entry = -1,
            Seed = parameters.Seed,
            UpperLists = upperLists,
            HasCodes = hasCodes ? 1 : 0,
            Length = layout.Length,
        };
        var from = layout.BaseLinks;
        NativeMemory.Fill(memory.Pointer + from, (nuint)(layout.Checksums - from), byte.MaxValue);
        return created;
    }

    /// <summary>Writes the checksums; the image does not change afterwards.</summary>
    public void Seal() => Checksums.Write();

    /// <summary>A view of an image for a space and a number of rows, or why these bytes are not one.</summary>
    public static Result<HnswImage> View(byte* image, long length, VectorSpace space, int rows, AlignedMemory? owned)
    {
        if (length < HnswHeader.Bytes)
        {
            return Refused($"{length} bytes are too few");
        }

        var header = *(HnswHeader*)image;
        if (header.Magic != HnswHeader.MagicNumber)
        {
            return Refused("it does not begin with the mark of one");
        }

        if (header.Format != HnswHeader.FormatNumber)
        {
            return Refused($"its format is {header.Format}, and {HnswHeader.FormatNumber} is read here");
        }

        if (header.Type != (int)space.Type || header.Dimension != space.Dimension || header.Metric != (int)space.Metric || header.Rows != rows)
        {
            return Refused("it was built for other vectors");
        }

        if (header.M is < HnswParameters.MMin or > HnswParameters.MMax || header.UpperLists < 0 || header.HasCodes is < 0 or > 1)
        {
            return Refused("its header makes no sense");
        }

        var layout = new HnswLayout(space, rows, header.M, header.UpperLists, header.HasCodes == 1);
        if (layout.Length != length || header.Length != length)
        {
            return Refused($"it is {length} bytes long instead of {layout.Length}");
        }

        var view = new HnswImage(image, layout, owned);
        return view.Checksums.Damage() is { } damage ? Refused(damage) : view;
    }

    public void Dispose() => owned?.Dispose();

    private static Failure Refused(string why) => new(FailureCode.Unexpected, $"this is no usable graph index: {why}");
}
