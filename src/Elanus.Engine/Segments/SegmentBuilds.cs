using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>What is built for one segment in the background, and what of it failed. Changed under the collection's lock, but for progress.</summary>
internal sealed class SegmentBuilds
{
    private int rowsDone;

    /// <summary>Cancels the piece of work that runs for this segment; null while none does. Holds no timer or handle, so nobody disposes it.</summary>
    public CancellationTokenSource? Running { get; private set; }

    /// <summary>The index being built; null while none is, or while rows are being packed or written.</summary>
    public IndexDefinition? Building { get; private set; }

    /// <summary>Why the rows could not be packed (no memory, above all); tried again from time to time.</summary>
    public string? PackFault { get; set; }

    /// <summary>Why the column file could not be written (no room on the disk, above all); tried again from time to time.</summary>
    public string? FileFault { get; set; }

    public List<SegmentIndex> Indexes { get; } = [];

    /// <summary>Builds that failed, and why; tried again from time to time where that may pass (no memory, above all), else not while the definition stands.</summary>
    public Dictionary<IndexDefinition, (string Why, bool MayPass)> Faults { get; } = [];

    /// <summary>Rows that the running build has done. Any thread.</summary>
    public int RowsDone
    {
        get => Volatile.Read(ref rowsDone);
        set => Volatile.Write(ref rowsDone, value);
    }

    public CancellationToken Begin(IndexDefinition? building)
    {
        Invariant.Holds(Running is null, "two pieces of work run for one segment");
        Running = new();
        Building = building;
        RowsDone = 0;
        return Running.Token;
    }

    /// <summary>Forgets what may have passed.</summary>
    public void Retry()
    {
        (PackFault, FileFault) = (null, null);
        foreach (var (definition, _) in Faults.Where(fault => fault.Value.MayPass).ToList())
        {
            Faults.Remove(definition);
        }
    }

    public void End() => (Running, Building) = (null, null);

    public SegmentIndex? Find(IndexDefinition definition) => Indexes.Find(i => i.Definition == definition);
}
