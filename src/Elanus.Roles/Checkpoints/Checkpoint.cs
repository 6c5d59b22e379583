using System.Buffers;
using System.Text.Json;
using Elanus.Storage;

namespace Elanus.Roles;

/// <summary>A checkpoint's file, open, every byte of it verified. What it hands out is valid until it is disposed.</summary>
public sealed class Checkpoint : IDisposable
{
    internal const string HeadSection = "head";
    internal const string FilesSection = "files";

    private readonly StoredFile file;

    private Checkpoint(StoredFile file, CheckpointName name, Timestamp timestamp, IReadOnlyList<string> files)
    {
        this.file = file;
        Name = name;
        Timestamp = timestamp;
        Files = files;
    }

    public CheckpointName Name { get; }

    /// <summary>Of the last record in it.</summary>
    public Timestamp Timestamp { get; }

    /// <summary>Names of the files in the segment store that it needs.</summary>
    public IReadOnlyList<string> Files { get; }

    public KeptCheckpoint Kept => new(Name, Timestamp, Length, Files);

    public long Length => file.Reference.Length;

    public bool Has(string section) => file.Find(section) is not null;

    /// <summary>A section's bytes from an offset on, in place, as many as one piece of memory can have; empty at its end.</summary>
    /// <exception cref="InvalidDataException">There is no such section.</exception>
    public ReadOnlyMemory<byte> Bytes(string section, long from = 0)
    {
        var found = file.Find(section) ?? throw new InvalidDataException($"the checkpoint {Name} has no section {section}");
        return new Window(file, found with { Offset = found.Offset + from, Length = found.Length - from }).Memory;
    }

    public void Dispose() => file.Dispose();

    /// <summary>Takes over a file whose blocks were verified; what does not fit is answered in words, and the file is then the caller's.</summary>
    internal static Checkpoint? Of(StoredFile file, CheckpointName name, out string wrong)
    {
        wrong = "it is no checkpoint";
        if (file.Kind != StoredFileKind.Checkpoint || file.Find(HeadSection) is not { } at || CheckpointHead.Read(file.Span(at)) is not { } head)
        {
            return null;
        }

        if (head.Format != CheckpointHead.CurrentFormat)
        {
            wrong = $"its format {head.Format} is unknown; this version reads format {CheckpointHead.CurrentFormat}";
            return null;
        }

        wrong = "it belongs under another name";
        return head == CheckpointHead.Of(name, new(head.Timestamp)) && FilesOf(file) is { } files ? new(file, name, new(head.Timestamp), files) : null;
    }

    /// <summary>The names of the segment files; null where the section is missing or no list.</summary>
    internal static IReadOnlyList<string>? FilesOf(StoredFile file)
    {
        try
        {
            return file.Find(FilesSection) is { } section ? KeptJson.ReadNames(file.Span(section)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed unsafe class Window(StoredFile file, StoredSection part) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new(file.Pointer(part), (int)Math.Min(part.Length, int.MaxValue));

        public override MemoryHandle Pin(int elementIndex = 0) => new(file.Pointer(part) + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
