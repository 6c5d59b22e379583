using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Expressions.Tests;

public class IntegerSetTests
{
    [Fact]
    public void Holds_what_it_was_given_and_nothing_else()
    {
        var near = Gen.Choose(-300, 300).Select(i => (long)i);
        var anywhere = Gen.Choose(int.MinValue, int.MaxValue).Two().Select(p => ((long)p.Item1 << 32) ^ p.Item2);
        var edges = Gen.Elements(0L, -1L, 1L, long.MaxValue, long.MinValue, long.MaxValue - 1);
        var lists = from many in Gen.Choose(0, 200) from some in Gen.OneOf(Gen.Frequency((3, near), (1, edges)), anywhere, Gen.OneOf(near, anywhere, edges)).ArrayOf(many) select some;
        Prop.ForAll(Gen.Zip(lists, lists).ToArbitrary(), p =>
        {
            var set = new IntegerSet(p.Item1);
            Assert.Equal(p.Item1.Distinct().Order(), set.Values);
            Assert.All(p.Item1, v => Assert.True(set.Contains(v)));
            Assert.All(p.Item2, v => Assert.Equal(p.Item1.Contains(v), set.Contains(v)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true));
    }

    [Fact]
    public void Values_chosen_to_collide_make_it_slow_neither_to_build_nor_to_ask()
    {
        // Multiples of the inverse of the hash's factor: all fall into the lowest slots.
        ulong inverse = 1;
        for (var i = 0; i < 6; i++)
        {
            inverse *= 2 - (0x9E3779B97F4A7C15 * inverse);
        }

        var values = Enumerable.Range(1, 100_000).Select(i => unchecked((long)((ulong)i * inverse))).ToList();
        var set = new IntegerSet(values);

        Assert.All(values, v => Assert.True(set.Contains(v)));
        Assert.False(set.Contains(unchecked((long)(100_001 * inverse))));
    }
}
