namespace Elanus.Simulation;

/// <summary>Every operation of a run, in the order of asking, and what is known when one begins.</summary>
public sealed class History : IDisposable
{
    private readonly SimulationLoop loop;
    private readonly List<Operation> operations = [];
    private readonly List<Operation> unjudged = [];
    private (Timestamp Moment, Branch Of) session;

    public History(SimulationLoop loop)
    {
        this.loop = loop;
        Branches = new(Find);
        session = (Timestamp.Zero, Branches.First);
    }

    public Branches Branches { get; }

    /// <summary>How far a Bounded read may lie behind, by the timestamps of the log; null where clocks jump, and nobody can say.</summary>
    public TimeSpan? Bounded { get; set; }

    public IReadOnlyList<Operation> Operations => operations;

    /// <summary>The highest commit position that any answer from the newest history had seen.</summary>
    public ulong Acknowledged => Branches.Last.Committed;

    public int Answered { get; private set; }

    public int Unknown { get; private set; }

    /// <summary>Operations are numbered from 1.</summary>
    public Operation? Find(int number) => number >= 1 && number <= operations.Count ? operations[number - 1] : null;

    public async Task<T> Run<T>(T operation, ICallTarget target, CancellationToken cancel = default)
        where T : Operation
    {
        operations.Add(operation);
        operation.Number = operations.Count;
        var known = Branches.All.Select(branch => (Branch: branch, branch.Committed, branch.Applied)).ToList();
        operation.Known = epoch => Known(known, Branches.Of(epoch));
        (operation.Branch, operation.Floor, operation.AppliedFloor) = known[^1];
        (operation.Session, operation.SessionOf) = session;
        operation.BoundedFrom = Bounded is { } window ? Timestamp.FromTime(loop.Wall - window) : Timestamp.Zero;
        loop.Event($"op {operation.Number} {operation.Asked}");
        await operation.Perform(target, cancel);
        return Completed(operation);
    }

    /// <summary>Sends an operation again whose outcome is not known; it keeps its number and what was known when it was first asked.</summary>
    public async Task<T> Again<T>(T operation, ICallTarget target)
        where T : Operation
    {
        loop.Event($"op {operation.Number} again");
        unjudged.Remove(operation);
        await operation.Perform(target, CancellationToken.None);
        if (!operation.Succeeded)
        {
            // The first one may have been done all the same.
            operation.IsUnknown();
        }

        return Completed(operation);
    }

    public void Dispose() => Branches.Dispose();

    /// <summary>What was known of a history that had not begun: of what it left, as much as it has.</summary>
    private static (Branch, ulong, ulong) Known(List<(Branch Branch, ulong Committed, ulong Applied)> known, Branch branch)
    {
        if (known.Find(each => each.Branch == branch) is { Branch: not null } then)
        {
            return then;
        }

        var (_, committed, applied) = Known(known, branch.Parent!);
        return (branch, Math.Min(committed, branch.Shared), Math.Min(applied, branch.Shared));
    }

    private T Completed<T>(T operation)
        where T : Operation
    {
        operation.Branch.Committed = Math.Max(operation.Branch.Committed, operation.Ceiling);
        operation.Branch.Applied = Math.Max(operation.Branch.Applied, operation.Applied);
        if (operation.Succeeded && operation.Seen > session.Moment)
        {
            session = (operation.Seen, operation.Branch);
        }

        Answered += operation.End == CallEnd.Answered ? 1 : 0;
        Unknown += operation.End == CallEnd.Lost ? 1 : 0;
        loop.Event(operation.ToString());
        unjudged.Add(operation);
        return operation;
    }

    /// <summary>
    /// Judges what can be judged from the log as far as it is known. What changed nothing by its own account, or may have, is
    /// judged at the end.
    /// </summary>
    public void Judge(bool last)
    {
        unjudged.RemoveAll(operation =>
        {
            var evidence = operation.Branch.Evidence;
            if (!last && (!operation.Succeeded && operation is WriteOperation || operation.Ceiling > evidence.Position))
            {
                return false;
            }

            if (operation.Ceiling > evidence.Position)
            {
                throw new SimulationFaultException($"{operation} was answered at commit position {operation.Ceiling}, and the log ends at {evidence.Position}");
            }

            return operation.Verify(evidence) is { } wrong ? throw new SimulationFaultException($"{operation}: {wrong}") : true;
        });
    }
}
