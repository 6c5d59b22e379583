using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>
/// One call of a client: what it asks, what it was told, and how both are judged once the log is known. <see cref="Verify"/> answers null, or
/// a sentence that names what is wrong.
/// </summary>
public abstract class Operation
{
    private string? asked;

    public int Number { get; internal set; }

    /// <summary>The highest commit position that any answer before this call had seen: what was acknowledged lies at or below it.</summary>
    public ulong Floor { get; internal set; }

    /// <summary>The history that it was answered from; while it is not, the last one that had begun when it was asked.</summary>
    public Branch Branch { get; internal set; } = null!;

    /// <summary>What was known of each history when it was asked.</summary>
    internal Func<Epoch, (Branch Branch, ulong Floor, ulong AppliedFloor)> Known { get; set; } = null!;

    /// <summary>The highest applied position that any answer before this call had seen.</summary>
    public ulong AppliedFloor { get; internal set; }

    /// <summary>The commit position when the node answered; it can have shown nothing beyond.</summary>
    public ulong Ceiling { get; internal set; }

    /// <summary>What the node had applied when it answered.</summary>
    public ulong Applied { get; internal set; }

    /// <summary>What the client knew of its own writes and reads when it asked: a Session read sees everything up to it.</summary>
    public Timestamp Session { get; internal set; }

    /// <summary>The history that the client knows this from.</summary>
    public Branch SessionOf { get; internal set; } = null!;

    /// <summary>A Bounded read sees everything stamped up to it that anybody was told of, whatever node answers: no clock was behind the world's when it was asked.</summary>
    public Timestamp BoundedFrom { get; internal set; }

    public CallEnd End { get; internal set; }

    public Failure? Failure { get; protected set; }

    /// <summary>What later reads of the same session must see; zero where it says nothing of that.</summary>
    public virtual Timestamp Seen => Timestamp.Zero;

    public bool Succeeded => End == CallEnd.Answered && Failure is null;

    /// <summary>What is asked, for the trace.</summary>
    public abstract string What { get; }

    /// <summary>The same, put into words once.</summary>
    internal string Asked => asked ??= What;

    /// <summary>What was answered, for the trace.</summary>
    public abstract string Answer { get; }

    public abstract Task Perform(ICallTarget target, CancellationToken cancel);

    public abstract string? Verify(Evidence evidence);

    internal void IsUnknown()
    {
        End = CallEnd.Lost;
        Failure = null;
    }

    public override string ToString() => $"op {Number} {Asked} -> {(End != CallEnd.Answered ? End : Failure is { } failure ? failure : Answer)}";
}

/// <summary>An operation whose answer is a value.</summary>
public abstract class Operation<T> : Operation
{
    protected T Value { get; private set; } = default!;

    public override string Answer => "done";

    public override async Task Perform(ICallTarget target, CancellationToken cancel)
    {
        var outcome = await Send(target, cancel);
        End = outcome.End;
        Ceiling = outcome.Committed;
        Applied = outcome.Applied;
        if (End == CallEnd.Answered)
        {
            var known = Known(outcome.Epoch);
            if (Branch != known.Branch)
            {
                (Branch, Floor, AppliedFloor) = known;
            }

            // A node that is active no longer, and does not know it yet, may find names as they were.
            AppliedFloor = Math.Min(AppliedFloor, outcome.AppliedBefore);
        }

        if (End == CallEnd.Answered && outcome.Answer.TryGet(out var value, out var failure))
        {
            Value = value;
        }
        else if (End == CallEnd.Answered)
        {
            Failure = outcome.Answer.Failure;
        }
    }

    protected virtual Task<CallOutcome<T>> Send(ICallTarget target, CancellationToken cancel) => target.Call(Call, cancel);

    protected abstract Task<Result<T>> Call(StandaloneNode node, CancellationToken cancel);
}
