using System.Collections.Immutable;
using System.Globalization;

namespace Elanus.Replication;

/// <summary>When the steps of a change of the active were done in this process: for logs and metrics, which show where its milliseconds go. Any thread.</summary>
public sealed class TurnSteps(TimeProvider time)
{
    private readonly Lock gate = new();
    private ImmutableArray<(string Step, long At)> marks = [];

    /// <summary>The steps in the order in which they were done, with milliseconds since the first.</summary>
    public ImmutableArray<(string Step, double Ms)> Done
    {
        get
        {
            var now = Marks;
            return [.. now.Select(mark => (mark.Step, time.GetElapsedTime(now[0].At, mark.At).TotalMilliseconds))];
        }
    }

    private ImmutableArray<(string Step, long At)> Marks
    {
        get
        {
            lock (gate)
            {
                return marks;
            }
        }
    }

    /// <summary>Begins anew with this step.</summary>
    public void Begin(string step)
    {
        lock (gate)
        {
            marks = [(step, time.GetTimestamp())];
        }
    }

    /// <summary>The step is done; false where it was done before, or nothing has begun.</summary>
    public bool Mark(string step)
    {
        lock (gate)
        {
            if (marks.Length == 0 || marks.Any(mark => mark.Step == step))
            {
                return false;
            }

            marks = marks.Add((step, time.GetTimestamp()));
            return true;
        }
    }

    public override string ToString() => string.Join(", ", Done.Select((step, i) => i == 0 ? step.Step : string.Create(CultureInfo.InvariantCulture, $"{step.Step} after {step.Ms:0.0} ms")));
}
