using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

/// <summary>
/// The rows of one sealed segment as a stored file (docs/formats.md): every column, timestamps, the order of the keys. Its bytes are a function of the
/// rows, which are one of the log's records; so every node writes the same file. Opening it touches no row, and the rows are then read where
/// they lie. Which rows are deleted stands in the state, never here.
/// </summary>
internal static class ColumnFile
{
    private const string Head = "segment";
    private const string Timestamps = "timestamps";
    private const string Order = "key order";
    private const string Bloom = "key filter";

    public static StoredFileIdentity IdentityOf(SegmentPlace place) => new((ulong)place.Collection.Value, (ulong)place.Segment.Value);

    /// <summary>Bytes that a segment's rows take in a file, but for some at its ends.</summary>
    public static long BytesOf(SegmentPlace place, PackedParts rows) => Sections(place, rows).Sum(section => section.Bytes.Length);

    /// <summary>Writes and publishes a segment's rows under a name that is not in use. Fails where the disk is full, or has less room than a number of bytes.</summary>
    public static async Task<Result<StoredFileReference>> Write(ISegmentStore store, string name, SegmentPlace place, PackedParts rows, long room, CancellationToken cancel)
    {
        var created = await store.CreateAsync(name, StoredFileKind.Columns, IdentityOf(place), room, cancel);
        if (!created.TryGet(out var writer, out var why))
        {
            return why;
        }

        await using (writer)
        {
            foreach (var (section, memory) in Sections(place, rows))
            {
                var written = await writer.WriteSectionAsync(section, memory.Length, memory.Fill, cancel);
                if (!written.Succeeded)
                {
                    return written.Failure;
                }
            }

            return await writer.PublishAsync(cancel);
        }
    }

    /// <summary>
    /// The rows of a file, in place; they let the file go when they are freed. Null where it is not the column file of this segment, or is not laid out as
    /// one; the file is then the caller's.
    /// </summary>
    public static PackedParts? Open(StoredFile file, SegmentPlace place)
    {
        if (file.Kind != StoredFileKind.Columns || file.Identity != IdentityOf(place) || file.Find(Head) is not { } described
            || ColumnFileHead.Decode(file.Span(described)) is not { } head || head.Place != place || head.Columns.All(c => c.Field != head.Key))
        {
            return null;
        }

        var sections = new SectionReader(file);
        var rows = head.Rows;
        var timestamps = sections.Of(Timestamps, (long)rows * sizeof(ulong));
        var memory = new PackedColumn[head.Columns.Length];
        var columns = new NativeColumn[memory.Length];
        for (var c = 0; c < memory.Length; c++)
        {
            var layout = head.Columns[c];
            memory[c] = new(
                sections.Of(Values(layout.Field), layout.Width > 0 ? (long)rows * layout.Width : null),
                layout.Width > 0 ? default : sections.Of(Offsets(layout.Field), (rows + 1L) * sizeof(uint)),
                head.HasNulls[c] ? sections.Of(Validity(layout.Field), (rows + 63L) / 64 * sizeof(ulong)) : default);
        }

        var order = head.InOrderOfKey ? default : sections.Of(Order, (long)rows * sizeof(int));
        var bloom = sections.Of(Bloom, PackedKeys.BloomBytes(rows));
        if (!sections.AllFound)
        {
            return null;
        }

        for (var c = 0; c < memory.Length; c++)
        {
            columns[c] = NativeColumn.Whole(head.Columns[c], rows, memory[c].Values, memory[c].Offsets, memory[c].Validity);
        }

        var segment = new SegmentLayout(head.Columns, head.Key);
        return new()
        {
            Layout = segment,
            Rows = rows,
            Timestamps = timestamps,
            Memory = [.. memory],
            Columns = [.. columns],
            Keys = new(columns[segment.KeyColumn], segment.KeyIsText, order, bloom, head.HasDuplicates),
            Range = head.Range,
            File = file,
        };
    }

    private static string Values(FieldId field) => $"{field} values";

    private static string Offsets(FieldId field) => $"{field} offsets";

    private static string Validity(FieldId field) => $"{field} validity";

    private static IEnumerable<(string Name, SectionBytes Bytes)> Sections(SegmentPlace place, PackedParts rows)
    {
        var head = new ColumnFileHead(
            place, rows.Rows, rows.Layout.Columns[rows.Layout.KeyColumn].Field, !rows.Keys.Order.Exists, rows.Keys.HasDuplicates, rows.Range,
            rows.Layout.Columns, [.. rows.Memory.Select(m => m.Validity.Exists)]);
        yield return (Head, new(head.Encode()));
        yield return (Timestamps, new(rows.Timestamps));
        for (var c = 0; c < rows.Memory.Length; c++)
        {
            var field = rows.Layout.Columns[c].Field;
            if (rows.Memory[c].Offsets.Exists)
            {
                yield return (Offsets(field), new(rows.Memory[c].Offsets));
            }

            if (rows.Memory[c].Validity.Exists)
            {
                yield return (Validity(field), new(rows.Memory[c].Validity));
            }

            yield return (Values(field), new(rows.Memory[c].Values));
        }

        if (rows.Keys.Order.Exists)
        {
            yield return (Order, new(rows.Keys.Order));
        }

        yield return (Bloom, new(rows.Keys.Bloom));
    }

    /// <summary>Bytes of a section, on the heap or where rows lie.</summary>
    private readonly struct SectionBytes
    {
        private readonly byte[]? small;
        private readonly RowMemory memory;

        public SectionBytes(byte[] small) => this.small = small;

        public SectionBytes(RowMemory memory) => this.memory = memory;

        public long Length => small?.Length ?? memory.Length;

        public void Fill(long offset, Span<byte> into)
        {
            var from = small is null ? memory.Span(offset, into.Length) : small.AsSpan((int)offset, into.Length);
            from.CopyTo(into);
        }
    }

    /// <summary>Finds sections of the length they must have.</summary>
    private sealed class SectionReader(StoredFile file)
    {
        public bool AllFound { get; private set; } = true;

        public RowMemory Of(string name, long? length)
        {
            if (file.Find(name) is { } section && (length ?? section.Length) == section.Length)
            {
                return new(file, section);
            }

            AllFound = false;
            return default;
        }
    }
}
