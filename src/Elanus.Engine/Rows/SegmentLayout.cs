using System.Collections.Immutable;
using System.Numerics;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// The columns of a segment, fixed when it begins, and the sizes of its chunks while it grows: 256 rows, then doubling, up to a number
/// that keeps the widest column's chunk under a bound. All chunk sizes are multiples of 64, so that bitmaps of chunks join by words.
/// </summary>
internal sealed class SegmentLayout
{
    private const int FirstChunkRows = 256;
    private const int ChunkRowsLimit = 16384;
    private const long ChunkColumnBytesMax = 32L << 20;

    private readonly Dictionary<FieldId, int> byField = [];

    public SegmentLayout(CollectionSchema schema)
        : this([.. schema.Fields.Select(ColumnLayout.Of)], schema.PrimaryKey.Id)
    {
    }

    public SegmentLayout(ImmutableArray<ColumnLayout> columns, FieldId key)
    {
        Columns = columns;
        for (var i = 0; i < Columns.Length; i++)
        {
            byField.Add(Columns[i].Field, i);
        }

        KeyColumn = byField[key];
        KeyIsText = Columns[KeyColumn].Type.IsText();
        var widest = Math.Max(1, Columns.Max(c => c.Width));
        ChunkRowsMax = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)(ChunkColumnBytesMax / widest)) / 2, 64, ChunkRowsLimit);
        ChunkRowsMin = Math.Min(FirstChunkRows, ChunkRowsMax);
    }

    public ImmutableArray<ColumnLayout> Columns { get; }

    public int KeyColumn { get; }

    public bool KeyIsText { get; }

    public int ChunkRowsMin { get; }

    public int ChunkRowsMax { get; }

    /// <summary>The column's index, or -1 where the segment has no such column.</summary>
    public int Find(FieldId field) => byField.GetValueOrDefault(field, -1);

    /// <summary>Whether rows of a schema lie as here, so that a segment need not end when the schema becomes that one.</summary>
    public bool Holds(CollectionSchema schema) =>
        schema.Fields.Length == Columns.Length && schema.Fields.All(f => Find(f.Id) is >= 0 and var i && Columns[i] == ColumnLayout.Of(f));

    /// <summary>Which chunk holds a row of a growing segment.</summary>
    public int ChunkOf(int row) =>
        row < ChunkRowsMin ? 0
        : row < ChunkRowsMax ? 1 + BitOperations.Log2((uint)(row / ChunkRowsMin))
        : Doublings + (row / ChunkRowsMax);

    public int ChunkStart(int chunk) =>
        chunk == 0 ? 0
        : chunk <= Doublings ? ChunkRowsMin << (chunk - 1)
        : (chunk - Doublings) * ChunkRowsMax;

    public int ChunkRows(int chunk) => ChunkStart(chunk + 1) - ChunkStart(chunk);

    /// <summary>Chunks that rows take, in a growing segment.</summary>
    public int ChunkCount(int rows) => rows == 0 ? 0 : ChunkOf(rows - 1) + 1;

    private int Doublings => BitOperations.Log2((uint)(ChunkRowsMax / ChunkRowsMin));
}
