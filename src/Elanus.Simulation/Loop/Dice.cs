namespace Elanus.Simulation;

/// <summary>Choices drawn from a seed. Each part of a run has dice of its own, so that one part's draws do not move another's. One thread.</summary>
public sealed class Dice(ulong seed)
{
    private readonly SeededRandom source = new(seed);

    public IRandomSource Source => source;

    public ulong Next() => source.NextUInt64();

    /// <summary>From 0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)((source.NextUInt64() >> 32) * (ulong)bound >> 32);

    public long Between(long least, long most) => least + (long)(source.NextUInt64() % (ulong)(most - least + 1));

    public bool Chance(int inThousand) => Below(1000) < inThousand;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>Mostly short, sometimes long: the logarithm is uniform.</summary>
    public long Scaled(long least, long most)
    {
        var doublings = 0;
        while (least << (doublings + 1) <= most)
        {
            doublings++;
        }

        var low = least << Below(doublings + 1);
        return Between(low, Math.Min(low * 2, most));
    }

    public Dice Fork() => new(Next());
}
