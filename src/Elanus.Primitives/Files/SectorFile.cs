namespace Elanus.Primitives;

/// <summary>
/// The bytes of one simulated file: what a reader sees now, and for every 512-byte sector written since the last sync what it held before,
/// so that a crash may keep any of these versions. Zero pages take no memory. Its owner locks around it.
/// </summary>
internal sealed class SectorFile
{
    public const int SectorBytes = 512;
    private const int PageBytes = 8 * 1024;

    private static readonly byte[] ZeroSector = new byte[SectorBytes];

    private readonly List<byte[]?> pages = [];
    private readonly Dictionary<long, List<byte[]>> unsynced = [];
    private readonly HashSet<long> forgotten = [];
    private long syncedLength;

    /// <summary>Names that lead here, and open handles: room is freed when both are gone.</summary>
    public int References { get; set; }

    public long Length { get; private set; }

    public int Read(long offset, Span<byte> into)
    {
        var count = (int)Math.Clamp(Length - offset, 0, into.Length);
        for (var done = 0; done < count;)
        {
            var at = offset + done;
            var inPage = (int)(at % PageBytes);
            var piece = Math.Min(count - done, PageBytes - inPage);
            if (PageAt(at) is { } page)
            {
                page.AsSpan(inPage, piece).CopyTo(into[done..]);
            }
            else
            {
                into.Slice(done, piece).Clear();
            }

            done += piece;
        }

        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var sector = offset / SectorBytes;
            var inSector = (int)(offset % SectorBytes);
            var piece = Math.Min(bytes.Length, SectorBytes - inSector);
            Remember(sector);
            bytes[..piece].CopyTo(Writable(offset)[..piece]);
            offset += piece;
            bytes = bytes[piece..];
            Length = Math.Max(Length, offset);
        }
    }

    public void SetLength(long length)
    {
        if (length < Length)
        {
            for (var at = length; at < Length;)
            {
                var end = Math.Min(Length, (at / SectorBytes + 1) * SectorBytes);
                if (PageAt(at) is not null)
                {
                    Remember(at / SectorBytes);
                    Writable(at)[..(int)(end - at)].Clear();
                }

                at = end;
            }
        }

        Length = length;
    }

    public void Sync()
    {
        if (forgotten.Count == 0)
        {
            unsynced.Clear();
        }
        else
        {
            foreach (var sector in unsynced.Keys.Except(forgotten).ToList())
            {
                unsynced.Remove(sector);
            }
        }

        syncedLength = Length;
    }

    /// <summary>How often a sync failed: each open file is told once of every failure.</summary>
    public int FailedSyncs { get; private set; }

    /// <summary>A sync failed: the kernel holds these pages for clean now, so that only writing them again brings them to the disk.</summary>
    public void FailSync()
    {
        FailedSyncs++;
        forgotten.UnionWith(unsynced.Keys);
    }

    public void FlipBit(long offset, int bit) => Writable(offset)[0] ^= (byte)(1 << bit);

    /// <summary>What the disk holds after a crash: of each unsynced sector one version, or a tear between two; of the length one that it had.</summary>
    public SectorFile AfterCrash(CrashChoices choices)
    {
        var left = new SectorFile { Length = choices.Length(syncedLength, Length) };
        left.pages.EnsureCapacity(pages.Count);
        foreach (var page in pages)
        {
            left.pages.Add(page?.AsSpan().ToArray());
        }

        // In order of place, so that one seed always makes the same image.
        foreach (var (sector, versions) in unsynced.OrderBy(entry => entry.Key))
        {
            var offset = sector * SectorBytes;
            var now = new byte[SectorBytes];
            SectorAt(offset).CopyTo(now);
            choices.Sector(versions, now).CopyTo(left.Writable(offset)[..SectorBytes]);
        }

        left.ZeroPast(left.Length);
        left.syncedLength = left.Length;
        return left;
    }

    private void ZeroPast(long length)
    {
        for (var at = length; at < (long)pages.Count * PageBytes;)
        {
            var inPage = (int)(at % PageBytes);
            PageAt(at)?.AsSpan(inPage).Clear();
            at += PageBytes - inPage;
        }
    }

    private void Remember(long sector)
    {
        if (!unsynced.TryGetValue(sector, out var versions))
        {
            unsynced[sector] = versions = [];
        }

        forgotten.Remove(sector);
        var before = SectorAt(sector * SectorBytes);
        versions.Add(before.IndexOfAnyExcept((byte)0) < 0 ? ZeroSector : before.ToArray());
    }

    private ReadOnlySpan<byte> SectorAt(long offset) =>
        PageAt(offset) is { } page ? page.AsSpan((int)(offset % PageBytes), SectorBytes) : ZeroSector;

    private byte[]? PageAt(long offset) => offset / PageBytes < pages.Count ? pages[(int)(offset / PageBytes)] : null;

    /// <summary>The page's bytes from this offset to its end.</summary>
    private Span<byte> Writable(long offset)
    {
        var index = (int)(offset / PageBytes);
        while (pages.Count <= index)
        {
            pages.Add(null);
        }

        return (pages[index] ??= new byte[PageBytes]).AsSpan((int)(offset % PageBytes));
    }
}
