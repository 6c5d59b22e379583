namespace Elanus.Replication.Tests;

/// <summary>
/// An explicit schedule: everything happens at once and in order, but what the test holds back. Nodes by letter, as in docs/schedules.md; A is the
/// first active.
/// </summary>
internal sealed class Schedule
{
    private const int StepMs = 10;
    private const int PatienceMs = 10_000;

    public Schedule(int nodes, ProtocolRules? rules = null, ReplicaOptions? options = null, bool arbiterComparesEpochOnly = false)
    {
        World = new(nodes, seed: 1, rules, options, new() { ComparesEpochOnly = arbiterComparesEpochOnly });
    }

    public ModelWorld World { get; }

    public ModelNode A => World.Nodes[0];

    public ModelNode B => World.Nodes[1];

    public ModelNode C => World.Nodes[2];

    /// <summary>Messages that stay on their way.</summary>
    public Func<ModelNode, ModelNode, PeerMessage, bool> HoldsMessage { get; set; } = (_, _, _) => false;

    /// <summary>Requests to the arbiter, or replies, that stay on their way.</summary>
    public Func<ModelRequest, bool> HoldsRequest { get; set; } = _ => false;

    /// <summary>Nobody gets the copy that it wants.</summary>
    public bool HoldsCopies { get; set; }

    /// <summary>Nodes whose disk does nothing.</summary>
    public HashSet<ModelNode> SlowDisks { get; } = [];

    /// <summary>Nodes that take no step at all; what is for them waits.</summary>
    public HashSet<ModelNode> Frozen { get; } = [];

    public RoleRecord Record => World.Arbiter.Stored!.Record;

    /// <summary>Starts the nodes one after the other, until all are in the set.</summary>
    public Schedule Whole(int members)
    {
        for (var i = 0; i < members; i++)
        {
            World.Start(World.Nodes[i]);
            var whole = i + 1;
            Until(() => World.Active == A && Record.InSync.Length == whole);
        }

        return this;
    }

    public void Start(ModelNode node)
    {
        World.Start(node);
        Drain();
    }

    /// <summary>An acknowledged write.</summary>
    public void Acknowledge(ModelNode node)
    {
        var before = World.Acknowledged;
        Write(node);
        Until(() => World.Acknowledged > before);
    }

    /// <summary>Takes a checkpoint of what a node has shown, and lets go of the log before its end.</summary>
    public void Truncate(ModelNode node)
    {
        node.Checkpoint = node.Applied;
        World.Truncate(node, node.Checkpoint + 1);
    }

    public void Write(ModelNode node) => Assert.True(World.Write(node), $"node {node.Index} takes no write");

    /// <summary>This node is told that the process of another is gone, and whatever follows.</summary>
    public void Suspect(ModelNode node, ModelNode gone)
    {
        World.Handle(node, new RecordHint());
        Drain();
        World.Handle(node, new PeerLost(gone.Id));
        Drain();
    }

    /// <summary>This node does what it can to claim; where it may not, nothing comes of it.</summary>
    public void Claim(ModelNode node, ModelNode gone)
    {
        for (var i = 0; i < 3 && Record.Holder != node.Id; i++)
        {
            Suspect(node, gone);
            Run(210);
        }
    }

    /// <summary>Time passes, with all that is not held back.</summary>
    public void Run(int ms)
    {
        for (var passed = 0; passed < ms; passed += StepMs)
        {
            Drain();
            World.Pass(StepMs);
            foreach (var node in World.Nodes.Where(node => !Frozen.Contains(node)))
            {
                World.Tick(node);
            }
        }

        Drain();
    }

    public void Until(Func<bool> holds)
    {
        for (var passed = 0; passed < PatienceMs && !holds(); passed += StepMs)
        {
            Run(StepMs);
        }

        Assert.True(holds(), $"the schedule did not get there within {PatienceMs} ms: the record is {World.Arbiter.Stored}");
    }

    /// <summary>Lets the first request of a kind that waits do its work, or be lost, whatever is held back.</summary>
    public ModelRequest Pick(Func<ModelRequest, bool> which)
    {
        var request = World.Requests.Find(each => which(each));
        Assert.NotNull(request);
        World.Requests.Remove(request);
        return request;
    }

    public void Deliver(Func<ModelNode, ModelNode, PeerMessage, bool> which)
    {
        var at = World.Network.FindIndex(each => which(each.From, Target(each.To)!, each.Message));
        Assert.True(at >= 0, "no such message is on its way");
        World.Deliver(at, keep: false);
    }

    /// <summary>Everything that is not held back, until nothing is left to do.</summary>
    public void Drain()
    {
        while (Disk() | Feed() | Message() | Request() | Copy())
        {
        }
    }

    private bool Disk()
    {
        var any = false;
        foreach (var node in World.Nodes.Where(node => !SlowDisks.Contains(node) && !Frozen.Contains(node)))
        {
            while (node.Operate(() => true))
            {
                any = true;
            }
        }

        return any;
    }

    private bool Feed()
    {
        var before = World.Network.Count;
        foreach (var node in World.Nodes.Where(node => !Frozen.Contains(node)))
        {
            World.Feed(node);
        }

        return World.Network.Count > before;
    }

    private bool Message()
    {
        var at = World.Network.FindIndex(each => Target(each.To) is not { } to || (!Frozen.Contains(to) && !HoldsMessage(each.From, to, each.Message)));
        if (at < 0)
        {
            return false;
        }

        World.Deliver(at, keep: false);
        return true;
    }

    private bool Request()
    {
        var at = World.Requests.FindIndex(each => !HoldsRequest(each) && !(each.IsReply && Frozen.Contains(each.Node)));
        if (at < 0)
        {
            return false;
        }

        var request = World.Requests[at];
        World.Requests.RemoveAt(at);
        request.Do();
        return true;
    }

    private bool Copy() => World.Nodes.Where(node => !Frozen.Contains(node) && !HoldsCopies).ToList().Exists(World.Copy);

    private ModelNode? Target(NodeId id) => World.Nodes.FirstOrDefault(node => node.Id == id);
}
