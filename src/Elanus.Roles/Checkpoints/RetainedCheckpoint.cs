namespace Elanus.Roles;

/// <summary>A checkpoint whose segment files stay until its last holder lets go. Born with one holder. Any thread; pins are added by its maker.</summary>
internal sealed class RetainedCheckpoint(KeptCheckpoint checkpoint)
{
    private readonly HashSet<string> names = [.. checkpoint.Files];
    private readonly List<IDisposable> pins = [];
    private int holders = 1;

    public KeptCheckpoint Checkpoint { get; set; } = checkpoint;

    /// <summary>Whether it names a segment file.</summary>
    public bool Needs(string file) => names.Contains(file);

    public void Add(IDisposable pin) => pins.Add(pin);

    public void Hold() => Invariant.Holds(Interlocked.Increment(ref holders) > 1, "a checkpoint that was let go was held again");

    public void Release()
    {
        if (Interlocked.Decrement(ref holders) == 0)
        {
            pins.ForEach(pin => pin.Dispose());
        }
    }
}
