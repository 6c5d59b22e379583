namespace Elanus.Primitives;

/// <summary>
/// What a crash keeps of what was not synced, drawn from a seeded source. Extremes (all, nothing, a prefix) are drawn as often as mixtures,
/// since a uniform subset of many sectors would almost never be one of them.
/// </summary>
internal sealed class CrashChoices(IRandomSource random)
{
    private readonly Shape sectors = (Shape)(random.NextUInt64() % 4);
    private readonly Shape names = (Shape)(random.NextUInt64() % 4);
    private readonly bool tears = random.NextUInt64() % 2 == 0;
    private bool sectorsCut;
    private bool namesCut;

    private enum Shape
    {
        Nothing,
        Everything,
        Prefix,
        Subset,
    }

    public ReadOnlySpan<byte> Sector(List<byte[]> older, byte[] now)
    {
        var keep = Keeps(sectors, ref sectorsCut);
        var kept = keep ? now : older[sectors == Shape.Subset ? Below(older.Count) : 0];
        if (!tears || keep || Below(4) != 0)
        {
            return kept;
        }

        var torn = (byte[])kept.Clone();
        now.AsSpan(0, Below(torn.Length)).CopyTo(torn);
        return torn;
    }

    public long Length(long synced, long now)
    {
        if (synced == now)
        {
            return now;
        }

        return sectors switch
        {
            Shape.Everything => now,
            Shape.Nothing => synced,
            _ => Below(3) switch
            {
                0 => now,
                1 => synced,
                _ => Math.Min(synced, now) + (long)(random.NextUInt64() % (ulong)Math.Abs(now - synced)),
            },
        };
    }

    public bool Name() => Keeps(names, ref namesCut);

    private bool Keeps(Shape shape, ref bool cut)
    {
        switch (shape)
        {
            case Shape.Nothing:
                return false;
            case Shape.Everything:
                return true;
            case Shape.Prefix:
                cut |= Below(8) == 0;
                return !cut;
            default:
                return Below(2) == 0;
        }
    }

    private int Below(int bound) => (int)(random.NextUInt64() % (ulong)bound);
}
