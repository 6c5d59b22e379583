namespace Elanus.Simulation;

/// <summary>Every operation of a run, in the order of asking, and what is known when one begins.</summary>
public sealed class History(SimulationLoop loop)
{
    private readonly List<Operation> operations = [];
    private readonly List<Operation> unjudged = [];
    private ulong committed;
    private ulong applied;
    private Timestamp session;

    public IReadOnlyList<Operation> Operations => operations;

    /// <summary>The highest commit position that any answer had seen.</summary>
    public ulong Acknowledged => committed;

    public int Answered { get; private set; }

    public int Unknown { get; private set; }

    /// <summary>Operations are numbered from 1.</summary>
    public Operation? Find(int number) => number >= 1 && number <= operations.Count ? operations[number - 1] : null;

    public async Task<T> Run<T>(T operation, ICallTarget target, CancellationToken cancel = default)
        where T : Operation
    {
        operations.Add(operation);
        operation.Number = operations.Count;
        operation.Floor = committed;
        operation.AppliedFloor = applied;
        operation.Session = session;
        loop.Event($"op {operation.Number} {operation.What}");
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

    private T Completed<T>(T operation)
        where T : Operation
    {
        committed = Math.Max(committed, operation.Ceiling);
        applied = Math.Max(applied, operation.Applied);
        if (operation.Succeeded && operation.Seen > session)
        {
            session = operation.Seen;
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
    public void Judge(Evidence evidence, bool last)
    {
        unjudged.RemoveAll(operation =>
        {
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
