using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Vectors.Tests;

public class VectorSpaceTests
{
    [Fact]
    public void Metric_names_are_read_in_any_case_and_written_in_capitals()
    {
        foreach (var metric in Enum.GetValues<MetricType>())
        {
            Assert.Equal(metric.Name(), metric.Name().ToUpperInvariant());
#pragma warning disable CA1308 // The lower case is the point of the test.
            Assert.True(Metrics.TryParse(metric.Name().ToLowerInvariant(), out var parsed));
#pragma warning restore CA1308
            Assert.Equal(metric, parsed);
        }

        Assert.False(Metrics.TryParse("EUCLID", out _));
    }

    [Theory]
    [InlineData(DataType.Int64, 8, MetricType.L2, "not a vector type")]
    [InlineData(DataType.FloatVector, 8, MetricType.Hamming, "does not serve")]
    [InlineData(DataType.BinaryVector, 8, MetricType.L2, "does not serve")]
    [InlineData(DataType.FloatVector, 0, MetricType.L2, "out of range")]
    [InlineData(DataType.FloatVector, 32769, MetricType.L2, "out of range")]
    [InlineData(DataType.BinaryVector, 12, MetricType.Hamming, "multiple of 8")]
    public void A_space_that_makes_no_sense_is_refused_with_its_reason(DataType type, int dimension, MetricType metric, string reason) =>
        Assert.Contains(reason, VectorSpace.Create(type, dimension, metric).Failure!.Sentence, StringComparison.Ordinal);

    [Theory]
    [InlineData(DataType.FloatVector)]
    [InlineData(DataType.Float16Vector)]
    [InlineData(DataType.BFloat16Vector)]
    public void The_first_element_that_is_no_finite_number_is_found(DataType type)
    {
        using var rows = new SampleRows(type, 37, 9, seed: 3);
        Assert.Equal(-1, VectorValues.IndexOfNotFinite(type, rows.Bytes));
        foreach (var bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            for (var at = 0; at < 9 * 37; at += 41)
            {
                var bytes = rows.Bytes.ToArray();
                switch (type)
                {
                    case DataType.FloatVector:
                        MemoryMarshal.Cast<byte, float>(bytes.AsSpan())[at] = (float)bad;
                        break;
                    case DataType.Float16Vector:
                        MemoryMarshal.Cast<byte, Half>(bytes.AsSpan())[at] = (Half)bad;
                        break;
                    default:
                        MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan())[at] = (ushort)(BitConverter.SingleToUInt32Bits((float)bad) >> 16);
                        break;
                }

                Assert.Equal(at, VectorValues.IndexOfNotFinite(type, bytes));
            }
        }
    }
}
