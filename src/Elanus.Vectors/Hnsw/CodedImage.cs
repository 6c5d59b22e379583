using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>Makes the image that a graph is built into, with codes where they order the rows well enough to be walked by.</summary>
internal static unsafe class CodedImage
{
    private const int Queries = 32;
    private const int Wanted = 10;
    private const int Looked = 40;

    /// <summary>Share of the true nearest that must be among the nearest by code.</summary>
    private const double ShareMin = 0.995;

    private const int RowsBetweenCancelChecks = 4096;

    public static HnswImage Create(VectorSpace space, VectorBlock block, HnswParameters parameters, int upperLists, CancellationToken cancel)
    {
        if (RowCodes.Serve(space.Type) && block.Count > 0)
        {
            var coded = HnswImage.Create(space, parameters, block.Count, upperLists, hasCodes: true);
            try
            {
                coded.Header.CodeScale = RowCodes.Fit(space, block, coded.Centre);
                var codes = new RowCodes(space, coded.Centre, coded.Header.CodeScale);
                for (var row = 0; row < block.Count; row++)
                {
                    if (row % RowsBetweenCancelChecks == 0)
                    {
                        cancel.ThrowIfCancellationRequested();
                    }

                    codes.Encode(
                        new(block.Rows + (long)row * space.RowBytes, space.RowBytes), (sbyte*)coded.Codes + (long)row * coded.Layout.CodeBytes);
                }

                if (OrderWell(space, block, coded, codes, cancel))
                {
                    return coded;
                }
            }
            catch
            {
                coded.Dispose();
                throw;
            }

            coded.Dispose();
        }

        return HnswImage.Create(space, parameters, block.Count, upperLists, hasCodes: false);
    }

    /// <summary>Whether the nearest rows of some rows, by their vectors, are among a few more by their codes.</summary>
    private static bool OrderWell(VectorSpace space, VectorBlock block, HnswImage image, RowCodes codes, CancellationToken cancel)
    {
        var codeSpace = RowCodes.CodeSpace(space);
        var count = Math.Min(Queries, block.Count);
        var queries = new byte[count * space.RowBytes];
        var queryCodes = new byte[count * codeSpace.RowBytes];
        for (var i = 0; i < count; i++)
        {
            var row = (int)(((long)i * block.Count) / count);
            var query = queries.AsSpan(i * space.RowBytes, space.RowBytes);
            new ReadOnlySpan<byte>(block.Rows + (long)row * space.RowBytes, space.RowBytes).CopyTo(query);
            fixed (byte* to = queryCodes)
            {
                codes.EncodeQuery(query, (sbyte*)to + i * codeSpace.RowBytes);
            }
        }

        var wanted = FlatSearch.Search(space, [new(block.Rows, block.Count)], queries, new() { K = Wanted }, cancel);
        var looked = FlatSearch.Search(codeSpace, [new(image.Codes, block.Count)], queryCodes, new() { K = Looked }, cancel);
        int kept = 0, all = 0;
        for (var i = 0; i < count; i++)
        {
            var byCode = looked[i].Select(h => h.Row).ToHashSet();
            all += wanted[i].Length;
            kept += wanted[i].Count(h => byCode.Contains(h.Row));
        }

        return kept >= ShareMin * all;
    }
}
