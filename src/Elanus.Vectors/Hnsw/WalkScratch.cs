using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>What one walk works with; used by one thread at a time and used again, so that searching allocates little.</summary>
internal sealed unsafe class WalkScratch : IDisposable
{
    private readonly AlignedMemory memory;

    public WalkScratch(VectorSpace space, HnswImage image)
    {
        Visited = new VisitedRows(image.Header.Rows);
        var listBytes = image.Layout.BaseStride * sizeof(int);
        var probeBytes = PreparedQueries.Stride(space);
        if (image.Header.HasCodes == 1)
        {
            Codes = new RowCodes(space, image.Centre, image.Header.CodeScale);
            probeBytes = Math.Max(probeBytes, PreparedQueries.Stride(RowCodes.CodeSpace(space)));
        }

        memory = new AlignedMemory(2L * listBytes + 2L * probeBytes);
        Numbers = (int*)memory.Pointer;
        Keys = (float*)(memory.Pointer + listBytes);
        Query = memory.Pointer + 2L * listBytes;
        Other = Query + probeBytes;
    }

    public VisitedRows Visited { get; }

    public CandidateList Candidates { get; } = new();

    /// <summary>The rows that a filtered walk goes over, allowed or not.</summary>
    public CandidateList Frontier { get; } = new();

    /// <summary>Rows to compare, one list of links at most.</summary>
    public int* Numbers { get; }

    /// <summary>Their keys.</summary>
    public float* Keys { get; }

    /// <summary>Codes queries, where the graph is walked by codes.</summary>
    public RowCodes? Codes { get; }

    /// <summary>Room for the prepared query.</summary>
    public byte* Query { get; }

    /// <summary>Room for a row prepared as a query.</summary>
    public byte* Other { get; }

    public void Dispose() => memory.Dispose();
}
