namespace Elanus.Replication.Tests;

/// <summary>
/// The invariants of docs/schedules.md, looked at whenever something is claimed, shown, acknowledged, answered or cut. A promotion and a serving
/// active are judged only while the record holds their epoch. What a forced promotion drops is no longer asked for.
/// </summary>
internal sealed class Checks(ModelArbiter arbiter, IReadOnlyList<ModelNode> nodes)
{
    private readonly Dictionary<ulong, LogRecord> acknowledged = [];
    private readonly Dictionary<ulong, LogRecord> shown = [];
    private readonly Dictionary<int, (Epoch Epoch, int End)> confirmed = [];

    public int Acknowledged => acknowledged.Count;

    /// <summary>The number of the last forced epoch.</summary>
    public ulong Forced { get; private set; }

    public ulong LastAcknowledged => acknowledged.Count == 0 ? 0 : acknowledged.Keys.Max();

    /// <summary>The arbiter confirmed to a node that it is still alone.</summary>
    public void Confirms(ModelNode node) => confirmed[node.Index] = (node.Epoch, node.Durable);

    /// <summary>I6, at the moment a claim takes effect.</summary>
    public void Claims(ModelNode? node, RoleRecord next, IEnumerable<ModelNode> nodes)
    {
        if (next.Forced)
        {
            Forced = next.Epoch.Number;
            foreach (var (number, record) in acknowledged.ToList())
            {
                if (node?.Holds(number, record) != true)
                {
                    acknowledged.Remove(number);
                }
            }

            foreach (var (number, record) in shown.ToList())
            {
                if (node?.Holds(number, record) != true)
                {
                    shown.Remove(number);
                }
            }

            return;
        }

        if (node is null)
        {
            // It asked before its disk was emptied; nobody is promoted by this.
            return;
        }

        if (node.Promise.Epoch.Number >= next.Epoch.Number)
        {
            // A claim that an arbiter without memory let through: the claimant knows better, and does not act under it.
            return;
        }

        if (nodes.FirstOrDefault(other => other != node && other.IsActive && other.StandsAlone && other.Epoch.Number < next.Epoch.Number && other.Epoch.Number >= Forced) is { } alone)
        {
            throw new ViolationException($"node {node.Index} claims {next.Epoch} without force, and node {alone.Index}, the active of {alone.Epoch}, answers reads because nobody can");
        }

        foreach (var (number, record) in acknowledged)
        {
            if (!node.Holds(number, record))
            {
                throw new ViolationException($"I6: node {node.Index} claims {next.Epoch} without the acknowledged write at {number}");
            }
        }
    }

    /// <summary>I1, when an active begins to serve.</summary>
    public void Serves(ModelNode node)
    {
        if (arbiter.Stored?.Record.Epoch != node.Epoch)
        {
            return;
        }

        foreach (var (number, record) in acknowledged)
        {
            if (!node.Holds(number, record))
            {
                throw new ViolationException($"I1: node {node.Index} is active under {node.Epoch} without the acknowledged write at {number}");
            }
        }
    }

    /// <summary>I2, I3 and I5: what is committed is shown; on the active that is also the acknowledgement of its own epoch's writes.</summary>
    public void Shows(ModelNode node, ulong upTo)
    {
        for (var number = node.Applied + 1; number <= upTo; number++)
        {
            if (number > (ulong)node.Log.Count)
            {
                throw new ViolationException($"I5: node {node.Index} shows {number} and its log ends at {node.Log.Count}");
            }

            var record = node.Log[(int)number - 1];
            if (IsOfThePast(node, number, record))
            {
                continue;
            }

            if (shown.TryGetValue(number, out var before) && !ModelNode.Same(before, record))
            {
                throw new ViolationException($"I5: node {node.Index} shows another record at {number} than was shown before");
            }

            shown[number] = record;
            if (node.Epoch == record.Epoch && record.Kind == ModelNode.Row)
            {
                acknowledged[number] = record;
            }
        }

        node.Applied = Math.Max(node.Applied, upTo);
    }

    /// <summary>I4.</summary>
    public static void Answers(ulong position, ulong acknowledgedBefore)
    {
        if (position < acknowledgedBefore)
        {
            throw new ViolationException($"I4: a Strong read is answered at {position}, {acknowledgedBefore} was acknowledged before it came");
        }
    }

    /// <summary>I3: what was committed is not taken from any node that has it.</summary>
    public void Cuts(ModelNode node, ulong last)
    {
        for (var number = last + 1; number <= (ulong)node.Log.Count; number++)
        {
            if (shown.TryGetValue(number, out var record) && node.Holds(number, record))
            {
                throw new ViolationException($"I3: node {node.Index} cuts to {last} what was shown at {number}");
            }
        }
    }

    /// <summary>I3 once more, where another node's state takes the place of the own one; and no member does that.</summary>
    public void Copies(ModelNode node)
    {
        if (arbiter.Stored?.Record.Contains(node.Id) == true && arbiter.Stored.Record.Epoch == node.Promise.Epoch)
        {
            throw new ViolationException($"node {node.Index} is a member of {arbiter.Stored.Record.Epoch} and gives its log up for a copy");
        }

        var copy = node.Staged!.Value.Log;
        for (var number = 1ul; number <= (ulong)node.Log.Count; number++)
        {
            if (shown.TryGetValue(number, out var record) && node.Holds(number, record) && !(number <= (ulong)copy.Count && ModelNode.Same(copy[(int)number - 1], record)))
            {
                throw new ViolationException($"I3: node {node.Index} gives up what was shown at {number}, and the copy lacks it");
            }
        }
    }

    /// <summary>What a node has shown and gives up, behind a position, stands in what takes its place, or is kept beside.</summary>
    public static void Keeps(ModelNode node, ulong behind, List<LogRecord> instead, bool keepsAll)
    {
        for (var number = behind + 1; number <= Math.Min(node.Applied, (ulong)node.Log.Count) && !keepsAll; number++)
        {
            var isThere = number <= (ulong)instead.Count && ModelNode.Same(instead[(int)number - 1], node.Log[(int)number - 1]);
            if (!isThere && (node.KeptBehind is not { } kept || number <= kept))
            {
                throw new ViolationException($"node {node.Index} gives up what it has shown at {number}, and kept nothing of it");
            }
        }
    }

    /// <summary>
    /// True for what an active that a forced promotion has replaced, and that does not know it, still shows to its own clients: the operator chose
    /// to lose it. Not so where it is alone, for then it has to ask the arbiter each time, and what it asked for later was refused.
    /// </summary>
    private bool IsOfThePast(ModelNode node, ulong number, LogRecord record)
    {
        if (record.Epoch.Number >= Forced)
        {
            return false;
        }

        var isFirst = !shown.TryGetValue(number, out var before) || !ModelNode.Same(before, record);
        var alone = arbiter.Past.FindLast(past => past.Record.Epoch == node.Epoch)?.Record.InSync.Length == 1
            && !nodes.Any(other => other != node && other.Holds(number, record));
        if (isFirst && alone && node.IsActive && record.Epoch == node.Epoch && record.Kind == ModelNode.Row
            && (!confirmed.TryGetValue(node.Index, out var covered) || covered.Epoch != node.Epoch || covered.End < (int)number))
        {
            throw new ViolationException($"I2: node {node.Index}, alone, acknowledges {number} after a forced promotion, unconfirmed");
        }

        return isFirst;
    }
}
