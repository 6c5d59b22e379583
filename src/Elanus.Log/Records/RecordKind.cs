namespace Elanus.Log;

/// <summary>
/// What a record says. The log keeps the kinds below <see cref="FirstFree"/> for itself; whoever applies records skips those. The kinds from
/// there on belong to the layers above, which share them out.
/// </summary>
public readonly record struct RecordKind(ushort Value)
{
    /// <summary>The first number that the layers above may use.</summary>
    public const ushort FirstFree = 16;

    /// <summary>The first record of an epoch; its payload is a <see cref="Elanus.Log.Fence"/>.</summary>
    public static readonly RecordKind Fence = new(1);

    /// <summary>No timestamp above the one in its payload is handed out or promised until the next of its kind.</summary>
    public static readonly RecordKind Reserve = new(2);

    public bool IsOfTheLog => Value < FirstFree;

    public override string ToString() => Value switch { 1 => "fence", 2 => "reserve", _ => $"kind {Value}" };
}
