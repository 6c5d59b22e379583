namespace Elanus.Roles;

/// <summary>A small state: one section, made of an immutable value when it is asked for.</summary>
public sealed class CapturedBytes(string section, Func<byte[]> write) : ICapturedState
{
    public IReadOnlyList<CheckpointSection> Sections => [new(section, Parts())];

    public void Dispose()
    {
    }

    private IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Parts()
    {
        yield return [write()];
    }
}
