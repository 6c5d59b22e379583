using Elanus.Engine;
using Elanus.Roles;

namespace Elanus.Simulation;

/// <summary>A second state that applies the committed records one by one; what every node's is measured against.</summary>
public sealed class ReplayedState(Evidence evidence) : IDisposable
{
    private readonly LogicalState state = new(new DataState(new(1), ImmediateWork.Instance, World.Engine));
    private ulong position;

    /// <summary>The hash of the state at a position, where this one has not gone past it.</summary>
    public ulong? HashAt(ulong asked)
    {
        for (; position < asked; position++)
        {
            state.Apply(evidence.At(position + 1).Record);
        }

        return position == asked ? state.Hash() : null;
    }

    public void Dispose()
    {
        var disposed = state.Rows.DisposeAsync();
        Invariant.Holds(disposed.IsCompletedSuccessfully, "the replayed state did not end at once");
    }
}
