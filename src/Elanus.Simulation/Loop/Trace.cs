using System.Runtime.InteropServices;

namespace Elanus.Simulation;

/// <summary>What happened, as a number that differs where anything did: every step, operation, outcome and fault. One thread.</summary>
public sealed class Trace
{
    private ulong hash = 0xCBF29CE484222325;

    /// <summary>Also gets every event as a line, with its virtual time; for looking at a seed.</summary>
    public Action<string>? Listener { get; set; }

    public ulong Hash => hash;

    public void Add(ulong value)
    {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 29;
    }

    /// <param name="now">Virtual ticks since the run began.</param>
    public void Event(long now, string what)
    {
        Add((ulong)now);
        var bytes = MemoryMarshal.AsBytes(what.AsSpan());
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            Add(word);
        }

        foreach (var rest in bytes[(bytes.Length & ~7)..])
        {
            Add(rest);
        }

        Listener?.Invoke($"{TimeSpan.FromTicks(now).TotalSeconds:00.000000} {what}");
    }
}
