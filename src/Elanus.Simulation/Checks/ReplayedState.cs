using Elanus.Engine;

namespace Elanus.Simulation;

/// <summary>A second engine that applies the committed records one by one; what every node's state is measured against.</summary>
public sealed class ReplayedState(Evidence evidence) : IDisposable
{
    private readonly DataState state = new(new(1), ImmediateWork.Instance, World.Engine);
    private ulong position;

    /// <summary>The hash of the state at a position, where this one has not gone past it.</summary>
    public ulong? HashAt(ulong asked)
    {
        for (; position < asked; position++)
        {
            var record = evidence.At(position + 1);
            state.Apply(record.LogPosition, record.Timestamp, record.Kind, record.Payload);
        }

        return position == asked ? state.Hash() : null;
    }

    public void Dispose()
    {
        var disposed = state.DisposeAsync();
        Invariant.Holds(disposed.IsCompletedSuccessfully, "the replayed state did not end at once");
    }
}
