using Elanus.Primitives;
using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Vectors.Tests;

/// <summary>Scores are the same bits from every kernel that this machine can run, and from the order written out in plain loops.</summary>
public unsafe class KernelAgreementTests
{
    private const int RowsMax = 11;

    [Theory]
    [MemberData(nameof(Spaces.DenseTheory), MemberType = typeof(Spaces))]
    public void Every_kernel_gives_the_bits_of_the_plain_loop(DataType type, MetricType metric) =>
        Prop.ForAll(
            Gen.Choose(1, 300).Two().ToArbitrary(),
            draw => Agree(type, metric, type == DataType.BinaryVector ? draw.Item1 * 8 : draw.Item1, seed: draw.Item2))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Theory]
    [MemberData(nameof(Spaces.DenseTheory), MemberType = typeof(Spaces))]
    public void Kernels_agree_at_the_largest_dimension(DataType type, MetricType metric) =>
        Agree(type, metric, VectorSpace.DimensionMax, seed: 1);

    private static void Agree(DataType type, MetricType metric, int dimension, int seed)
    {
        var space = Spaces.Of(type, dimension, metric);
        using var rows = new SampleRows(type, dimension, RowsMax, seed);
        using var prepared = new PreparedQueries(space, rows.Row(RowsMax - 1));
        rows.Row(3).Clear();
        var expected = new float[RowsMax];
        for (var i = 0; i < RowsMax; i++)
        {
            expected[i] = Reference.Score(space, rows.Row(RowsMax - 1), rows.Row(i));
        }

        Span<int> numbers = [10, 0, 3, 9, 2, 1, 8, 4, 7, 6, 5];
        var keys = new float[RowsMax];
        foreach (var set in Available())
        {
            var kernel = KernelTable.For(space, set);
            for (var count = 1; count <= RowsMax; count += 5)
            {
                fixed (float* to = keys)
                fixed (int* which = numbers)
                {
                    kernel.Run(prepared[0], rows.Pointer, count, to);
                    for (var i = 0; i < count; i++)
                    {
                        Same(expected[i], KeyRange.Score(metric, keys[i]), $"{set} {dimension} row {i}");
                    }

                    kernel.Gather(prepared[0], rows.Pointer, which, count, to);
                    for (var i = 0; i < count; i++)
                    {
                        Same(expected[which[i]], KeyRange.Score(metric, keys[i]), $"{set} {dimension} gathered {i}");
                    }
                }
            }
        }
    }

    private static IEnumerable<InstructionSet> Available() =>
        Enum.GetValues<InstructionSet>().Where(set => set <= KernelTable.Best);

    private static void Same(float expected, float actual, string where) =>
        Assert.True(
            BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(actual),
            $"{where}: {expected:R} expected, {actual:R} computed");
}
