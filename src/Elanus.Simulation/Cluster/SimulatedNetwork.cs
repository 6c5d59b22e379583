using Elanus.Coordination;
using Elanus.Replication;

namespace Elanus.Simulation;

/// <summary>
/// The ways between machines. A link from one process to another keeps its order unless <see cref="Reorders"/>; a message that is under way arrives
/// even where its sender has ended.
/// </summary>
public sealed class SimulatedNetwork(SimulationLoop loop, Dice dice)
{
    private const long DelayMin = 500;

    private readonly List<SimulatedPort> ports = [];
    private readonly HashSet<(string From, string To)> cuts = [];

    /// <summary>Ticks that a message takes at most.</summary>
    public long DelayMax { get; set; } = 20_000;

    public int LostInThousand { get; set; }

    public int DoubledInThousand { get; set; }

    public bool Reorders { get; set; }

    /// <summary>A way for a process on a machine.</summary>
    public IPeerNetwork Attach(SimulatedProcess process, string machine, NodeId node)
    {
        var port = new SimulatedPort(this, process, machine, node);
        ports.RemoveAll(other => other.Machine == machine);
        ports.Add(port);
        return port;
    }

    /// <summary>Nothing gets from one machine to another any more, in this direction.</summary>
    public void Cut(string from, string to) => cuts.Add((from, to));

    public void Mend(string from, string to) => cuts.Remove((from, to));

    public void MendAll()
    {
        cuts.Clear();
        LostInThousand = 0;
        DoubledInThousand = 0;
        Reorders = false;
        DelayMax = 20_000;
    }

    public bool IsCut(string from, string to) => cuts.Contains((from, to));

    /// <summary>
    /// A process is gone. Where its machine stands its system closes the connections, which the others see after a while; its supervisor may tell
    /// them as well.
    /// </summary>
    public void Closed(SimulatedProcess process, bool closes, Epoch? ended)
    {
        if (ports.Find(port => port.Process == process) is not { } gone)
        {
            return;
        }

        ports.Remove(gone);
        foreach (var port in ports.Where(port => closes && !IsCut(gone.Machine, port.Machine) && port.Sink is not null))
        {
            if (dice.Chance(800))
            {
                loop.SetAlarm(port.Process, loop.Now + dice.Scaled(2_000, 200_000), _ => port.Sink!.Lost(gone.Node), null);
            }

            if (ended is { } epoch && dice.Chance(700))
            {
                loop.SetAlarm(port.Process, loop.Now + dice.Scaled(10_000, 500_000), _ => port.Sink!.Ended(epoch), null);
            }
        }
    }

    internal bool Send(SimulatedPort from, Member to, PeerMessage message)
    {
        var target = ports.Find(port => port.Machine == to.Address);
        if (IsCut(from.Machine, to.Address))
        {
            // Nobody says so: it looks sent for as long as there is room.
            return true;
        }

        if (target?.Sink is null || target.Node != to.Node)
        {
            return false;
        }

        if (!dice.Chance(LostInThousand))
        {
            Deliver(from, target, message);
            if (dice.Chance(DoubledInThousand))
            {
                Deliver(from, target, message);
            }
        }

        return true;
    }

    private void Deliver(SimulatedPort from, SimulatedPort to, PeerMessage message)
    {
        var due = loop.Now + dice.Scaled(DelayMin, DelayMax);
        if (Reorders)
        {
            loop.SetAlarm(to.Process, due, _ => to.Sink!.Received(from.Node, message), null);
            return;
        }

        // Each alarm takes what is first: so steps may be ready in any order.
        var way = from.WayTo(to);
        way.Enqueue(message);
        from.LastDue = Math.Max(due, from.LastDue);
        loop.SetAlarm(to.Process, from.LastDue, _ => to.Sink!.Received(from.Node, way.Dequeue()), null);
    }
}
