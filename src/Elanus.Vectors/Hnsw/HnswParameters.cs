using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>How a graph is built. The same rows in the same order with the same parameters give the same graph.</summary>
public readonly record struct HnswParameters
{
    public const int MMin = 2;
    public const int MMax = 2048;
    public const int MDefault = 16;
    public const int EfConstructionDefault = 200;
    public const int EfConstructionMax = 32768;

    private HnswParameters(int m, int efConstruction, ulong seed)
    {
        M = m;
        EfConstruction = efConstruction;
        Seed = seed;
    }

    /// <summary>Links that a row makes on each layer; the lowest layer holds up to twice as many a row.</summary>
    public int M { get; }

    /// <summary>Candidates kept while a row's neighbours are looked for.</summary>
    public int EfConstruction { get; }

    /// <summary>Decides, with the row's number, how many layers a row is on.</summary>
    public ulong Seed { get; }

    /// <summary>Parameters, or which one is out of its range.</summary>
    public static Result<HnswParameters> Create(int m = MDefault, int efConstruction = EfConstructionDefault, ulong seed = 0)
    {
        if (m is < MMin or > MMax)
        {
            return Failure.Invalid($"M {m} is out of range [{MMin}, {MMax}]");
        }

        if (efConstruction is < 1 or > EfConstructionMax)
        {
            return Failure.Invalid($"efConstruction {efConstruction} is out of range [1, {EfConstructionMax}]");
        }

        return new HnswParameters(m, efConstruction, seed);
    }
}
