namespace Elanus.Primitives;

/// <summary>Milvus's hybrid timestamp: physical milliseconds since 1970 in the high 46 bits, a logical counter in the low 18.</summary>
public readonly record struct Timestamp(ulong Value) : IComparable<Timestamp>
{
    public const int LogicalBits = 18;

    public static readonly Timestamp Zero;

    public static readonly Timestamp Max = new(ulong.MaxValue);

    public ulong PhysicalMs => Value >> LogicalBits;

    public static Timestamp FromPhysical(ulong milliseconds, ulong logical = 0) => new((milliseconds << LogicalBits) | logical);

    public static Timestamp FromTime(DateTimeOffset time) => FromPhysical((ulong)time.ToUnixTimeMilliseconds());

    public int CompareTo(Timestamp other) => Value.CompareTo(other.Value);

    public static bool operator <(Timestamp left, Timestamp right) => left.Value < right.Value;

    public static bool operator <=(Timestamp left, Timestamp right) => left.Value <= right.Value;

    public static bool operator >(Timestamp left, Timestamp right) => left.Value > right.Value;

    public static bool operator >=(Timestamp left, Timestamp right) => left.Value >= right.Value;

    public override string ToString() => $"{PhysicalMs}.{Value & ((1UL << LogicalBits) - 1)}";
}
