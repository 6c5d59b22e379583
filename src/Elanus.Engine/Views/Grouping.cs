using System.Text;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Gathers one query's hits, offered best first, into groups by a field's value.</summary>
internal sealed class Grouping(GroupBy by, int groupsMax)
{
    private readonly Dictionary<string, List<RankedHit>> byValue = [];
    private readonly List<List<RankedHit>> inOrder = [];

    /// <summary>Enough groups were met and, where that is asked for, each is full.</summary>
    public bool IsFull => inOrder.Count == groupsMax && (!by.Strict || inOrder.TrueForAll(group => group.Count == by.Size));

    /// <summary>Adds a hit whose group value is the bytes given, or null.</summary>
    public void Offer(in RankedHit hit, ColumnBlock values, int row)
    {
        var value = values.IsValid(row) ? "=" + Encoding.Latin1.GetString(values.Bytes(row)) : "";
        if (!byValue.TryGetValue(value, out var group))
        {
            if (inOrder.Count == groupsMax)
            {
                return;
            }

            byValue.Add(value, group = []);
            inOrder.Add(group);
        }

        if (group.Count < by.Size)
        {
            group.Add(hit);
        }
    }

    /// <summary>Group after group, the one with the best hit first.</summary>
    public IEnumerable<RankedHit> Hits() => inOrder.SelectMany(group => group);
}
