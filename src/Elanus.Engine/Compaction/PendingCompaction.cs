using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// A compaction between its record and the publication of its output. The rows of the output were fixed by the record: those of the inputs that were not
/// dead then. What happens to them meanwhile happens to the inputs, and is carried over at the end. Changed by the applier and, for what
/// is being built, under the collection's lock.
/// </summary>
internal sealed class PendingCompaction
{
    public PendingCompaction(SegmentId output, CollectionSchema schema, ImmutableArray<Segment> inputs)
        : this(output, schema, inputs, [.. inputs.Select(segment => segment.Dead.Freeze())])
    {
    }

    /// <summary>One that began before, with the rows that were dead then.</summary>
    public PendingCompaction(SegmentId output, CollectionSchema schema, ImmutableArray<Segment> inputs, ImmutableArray<RowMarks.Frozen> cut)
    {
        Output = output;
        Schema = schema;
        Inputs = inputs;
        Cut = cut;
    }

    public SegmentId Output { get; }

    /// <summary>The schema at the record, whose fields are the output's columns.</summary>
    public CollectionSchema Schema { get; }

    public ImmutableArray<Segment> Inputs { get; }

    /// <summary>Rows of each input that were dead at the record.</summary>
    public ImmutableArray<RowMarks.Frozen> Cut { get; }

    public int Rows => Inputs.Zip(Cut).Sum(i => i.First.Published - i.Second.Count);

    /// <summary>The output while it is no part of the collection yet; null until its rows are there.</summary>
    public Segment? Built { get; set; }

    /// <summary>Stops the gathering of the output's rows.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>Why the rows could not be gathered ahead; they are gathered again when they are needed.</summary>
    public string? Fault { get; set; }

    /// <summary>The output's rows where they are, one after another. Its inputs must be held meanwhile.</summary>
    public GatheredRows Gather() => new(new(Schema), Schema, [.. Inputs.Select((segment, i) => (segment.Store, segment.Published, Cut[i]))]);

    /// <summary>Brings the marks that the inputs have now to the rows of the output.</summary>
    public void CarryMarks(Segment output)
    {
        var first = 0;
        for (var i = 0; i < Inputs.Length; i++)
        {
            Carry(Inputs[i].Dead, Cut[i], first, output.Dead);
            Carry(Inputs[i].Shadowed, Cut[i], first, output.Shadowed);
            Carry(Inputs[i].Crossed, Cut[i], first, output.Crossed);
            first += Inputs[i].Published - Cut[i].Count;
        }
    }

    private static void Carry(RowMarks from, RowMarks.Frozen cut, int first, RowMarks to)
    {
        using var gone = cut.Rows().GetEnumerator();
        var more = gone.MoveNext();
        var skipped = 0;
        foreach (var row in from.Freeze().Rows())
        {
            for (; more && gone.Current < row; skipped++)
            {
                more = gone.MoveNext();
            }

            if (!more || gone.Current != row)
            {
                to.Set(first + row - skipped);
            }
        }
    }
}
