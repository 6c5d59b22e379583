namespace Elanus.Simulation;

/// <summary>What a key was bound to from which position on; so that what held anywhere in a range of positions can be asked later.</summary>
public sealed class Intervals<TKey, TValue>
    where TKey : notnull
    where TValue : struct
{
    private readonly Dictionary<TKey, List<(ulong From, TValue? Value)>> bindings = [];

    /// <summary>Binds from a position on; null unbinds.</summary>
    public void Set(TKey key, ulong from, TValue? value)
    {
        if (!bindings.TryGetValue(key, out var all))
        {
            bindings[key] = all = [];
        }

        all.Add((from, value));
    }

    public TValue? At(TKey key, ulong position)
    {
        var all = bindings.GetValueOrDefault(key);
        for (var i = (all?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (all![i].From <= position)
            {
                return all[i].Value;
            }
        }

        return null;
    }
}
