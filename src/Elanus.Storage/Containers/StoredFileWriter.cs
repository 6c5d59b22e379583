using System.Buffers;
using System.Text;
using Elanus.Primitives;

namespace Elanus.Storage;

/// <summary>
/// Fills <paramref name="into"/> with a section's bytes from <paramref name="offset"/> on (bytes from the section's start). Called for one piece
/// after another, each starting where the one before ended.
/// </summary>
public delegate void SectionFill(long offset, Span<byte> into);

/// <summary>
/// Writes one stored file, section after section, under a temporary name; <see cref="PublishAsync"/> makes it durable and gives it its name, so
/// that under the name the file is whole or absent. Disposing it unpublished leaves nothing. A full disk is a failure, after which only disposing is
/// of use. One caller at a time.
/// </summary>
public sealed class StoredFileWriter : IAsyncDisposable
{
    private const int BufferBytes = 4 * ContainerFormat.BlockBytes;

    /// <summary>Most files are small: their buffer is, too.</summary>
    private const int FirstBufferBytes = 16 * 1024;

    private readonly IFile file;
    private readonly Func<StoredFileReference, CancellationToken, ValueTask<Result<Unit>>> publish;
    private readonly Func<ValueTask> abandon;
    private readonly string name;
    private readonly uint headerCrc;
    private readonly List<StoredSection> sections = [];
    private readonly HashSet<string> names = [];
    private readonly List<uint> blocks = [];
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
    private long flushed;
    private long synced;
    private int buffered;
    private long sectionStart = -1;
    private string sectionName = "";
    private bool ended;
    private bool disposed;

    internal StoredFileWriter(
        IFile file,
        string name,
        StoredFileKind kind,
        StoredFileIdentity identity,
        Func<StoredFileReference, CancellationToken, ValueTask<Result<Unit>>> publish,
        Func<ValueTask> abandon)
    {
        this.file = file;
        this.name = name;
        this.publish = publish;
        this.abandon = abandon;
        var header = ContainerFormat.Header(kind, identity);
        headerCrc = ContainerFormat.CrcIn(header);
        header.CopyTo(buffer, 0);
        buffered = header.Length;
    }

    /// <summary>Bytes so far.</summary>
    public long Length => flushed + buffered;

    /// <summary>Ends the section before, and begins one at the next multiple of 64. A name is used once a file.</summary>
    public async ValueTask<Result<Unit>> BeginSectionAsync(string section, CancellationToken cancel)
    {
        Invariant.Holds(!ended, "a section was begun in a file that is finished");
        Invariant.Holds(
            section.Length > 0 && Encoding.UTF8.GetByteCount(section) <= ContainerFormat.NameBytesMax && names.Add(section),
            $"section {section} is named twice, or has no usable name");
        EndSection();
        var padded = await PadAsync(cancel);
        (sectionName, sectionStart) = (section, Length);
        return padded;
    }

    /// <summary>Adds bytes to the section that was begun last.</summary>
    public async ValueTask<Result<Unit>> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        Invariant.Holds(sectionStart >= 0 && !ended, "bytes were written outside of a section");
        return await AddAsync(bytes.Length, (offset, into) => bytes.Span.Slice((int)offset, into.Length).CopyTo(into), cancel);
    }

    /// <summary>Writes a whole section of a known length, whose bytes are made or copied as they are needed.</summary>
    public async ValueTask<Result<Unit>> WriteSectionAsync(string section, long length, SectionFill fill, CancellationToken cancel)
    {
        var begun = await BeginSectionAsync(section, cancel);
        return begun.Succeeded ? await AddAsync(length, fill, cancel) : begun;
    }

    /// <summary>Writes directory and trailer, makes the bytes durable, and gives the file its name, durably.</summary>
    public async ValueTask<Result<StoredFileReference>> PublishAsync(CancellationToken cancel)
    {
        Invariant.Holds(!ended, "a file was published twice");
        EndSection();
        ended = true;
        var padded = await PadAsync(cancel);
        if (padded.Succeeded)
        {
            padded = await FlushAsync(cancel);
        }

        if (!padded.Succeeded)
        {
            return padded.Failure;
        }

        var directory = new ContainerDirectory([.. sections], [.. blocks]).Encode();
        var directoryCrc = Crc32C.Of(directory);
        var trailer = ContainerFormat.Trailer(headerCrc, directoryCrc, flushed, directory.Length);
        var written = await file.WriteDurablyAsync(flushed, [directory, trailer], cancel);
        if (!written.Succeeded)
        {
            return written.Failure;
        }

        var reference = new StoredFileReference(name, flushed + directory.Length + trailer.Length, ContainerFormat.Checksum(headerCrc, directoryCrc));
        await file.DisposeAsync();
        // Not cut short: whoever is cancelled here would not know whether the name is taken.
        var published = await publish(reference, CancellationToken.None);
        return published.Succeeded ? reference : published.Failure;
    }

    /// <summary>Ends the writing; what was not published is removed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        (ended, disposed) = (true, true);
        ArrayPool<byte>.Shared.Return(buffer);
        await file.DisposeAsync();
        await abandon();
    }

    private void EndSection()
    {
        if (sectionStart >= 0)
        {
            sections.Add(new(sectionName, sectionStart, Length - sectionStart));
        }

        sectionStart = -1;
    }

    private ValueTask<Result<Unit>> PadAsync(CancellationToken cancel) =>
        AddAsync(ContainerFormat.Aligned(Length) - Length, static (_, into) => into.Clear(), cancel);

    private async ValueTask<Result<Unit>> AddAsync(long length, SectionFill fill, CancellationToken cancel)
    {
        for (long done = 0; done < length;)
        {
            if (buffered == BufferBytes)
            {
                var flush = await FlushAsync(cancel);
                if (!flush.Succeeded)
                {
                    return flush;
                }
            }

            var piece = (int)Math.Min(length - done, BufferBytes - buffered);
            MakeRoom(buffered + piece);
            fill(done, buffer.AsSpan(buffered, piece));
            buffered += piece;
            done += piece;
        }

        return Result.Ok;
    }

    private void MakeRoom(int bytes)
    {
        if (bytes > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(BufferBytes, Math.Max(bytes, 2 * buffer.Length)));
            buffer.AsSpan(0, buffered).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }

    /// <summary>Writes what is buffered: whole blocks, but for the last time.</summary>
    private async ValueTask<Result<Unit>> FlushAsync(CancellationToken cancel)
    {
        if (buffered == 0)
        {
            return Result.Ok;
        }

        for (var at = 0; at < buffered; at += ContainerFormat.BlockBytes)
        {
            blocks.Add(Crc32C.Of(buffer.AsSpan(at, Math.Min(ContainerFormat.BlockBytes, buffered - at))));
        }

        var written = await file.WriteAsync(flushed, [buffer.AsMemory(0, buffered)], cancel);
        flushed += buffered;
        buffered = 0;
        if (written.Succeeded && flushed - synced >= IFile.UnsyncedBytesMax)
        {
            await file.SyncAsync(cancel);
            synced = flushed;
        }

        return written;
    }
}
