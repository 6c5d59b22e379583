using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>Least and greatest of some Int64 keys, to pass over segments without looking; text keys are not ranged.</summary>
internal readonly record struct KeyRange(long Least, long Greatest)
{
    public static readonly KeyRange All = new(long.MinValue, long.MaxValue);

    public static readonly KeyRange Nothing = new(long.MaxValue, long.MinValue);

    public bool Meets(KeyRange other) => Least <= other.Greatest && other.Least <= Greatest;

    public KeyRange With(KeyRange other) => new(Math.Min(Least, other.Least), Math.Max(Greatest, other.Greatest));

    public static KeyRange Of(ColumnBlock keys)
    {
        if (keys.Type.IsText())
        {
            return All;
        }

        var range = Nothing;
        foreach (var key in keys.As<long>())
        {
            range = new(Math.Min(range.Least, key), Math.Max(range.Greatest, key));
        }

        return range;
    }
}
