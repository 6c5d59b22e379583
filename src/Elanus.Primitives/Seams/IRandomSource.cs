namespace Elanus.Primitives;

/// <summary>The one source of randomness: the operating system's in production, a seeded one in the simulator. Any thread may call it.</summary>
public interface IRandomSource
{
    void Fill(Span<byte> bytes);

    ulong NextUInt64();
}
