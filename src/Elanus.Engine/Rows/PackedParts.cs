using System.Collections.Immutable;
using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

/// <summary>Everything that the rows of a sealed segment consist of, wherever it lies; what <see cref="ColumnFile"/> writes and reads.</summary>
internal sealed record PackedParts
{
    public required SegmentLayout Layout { get; init; }

    public required int Rows { get; init; }

    /// <summary>When each row was inserted; never falling, since rows stand in the order of the log.</summary>
    public required RowMemory Timestamps { get; init; }

    /// <summary>In layout order.</summary>
    public required ImmutableArray<PackedColumn> Memory { get; init; }

    /// <summary>The same as columns.</summary>
    public required ImmutableArray<NativeColumn> Columns { get; init; }

    public required PackedKeys Keys { get; init; }

    public required KeyRange Range { get; init; }

    /// <summary>Native memory to be freed, where the rows lie there.</summary>
    public ImmutableArray<AlignedMemory> Owned { get; init; } = [];

    /// <summary>The mapped file to be let go, where they lie there.</summary>
    public StoredFile? File { get; init; }

    public long Bytes => File?.Reference.Length ?? Owned.Sum(memory => memory.Length);

    public void Free()
    {
        foreach (var memory in Owned)
        {
            memory.Dispose();
        }

        File?.Dispose();
    }
}
