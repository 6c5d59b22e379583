using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// Something that owns native memory and is freed when its last holder lets go. Born with one holder. Any thread; only who holds may
/// take another hold.
/// </summary>
internal abstract class Counted
{
    private int holders = 1;

    public bool IsFreed => Volatile.Read(ref holders) == 0;

    public void Hold() => Invariant.Holds(Interlocked.Increment(ref holders) > 1, "something freed was held again");

    public void Release()
    {
        var left = Interlocked.Decrement(ref holders);
        Invariant.Holds(left >= 0, "something was released more often than held");
        if (left == 0)
        {
            Free();
        }
    }

    protected abstract void Free();
}
