using Elanus.Primitives;
using Elanus.Vectors;

namespace Elanus.Roles.Tests;

public sealed class IndexRulesTests
{
    private static readonly FieldSchema Vector = new() { Id = new(101), Name = "v", Type = DataType.FloatVector, Dimension = 10 };
    private static readonly FieldSchema Number = new() { Id = new(102), Name = "n", Type = DataType.Float };

    [Theory]
    [InlineData("HNSW", "M", "16", true)]
    [InlineData("HNSW", "M", "1", false)]
    [InlineData("HNSW", "efConstruction", "many", false)]
    [InlineData("IVF_PQ", "m", "3", false)]
    [InlineData("IVF_PQ", "m", "5", true)]
    [InlineData("BIN_FLAT", "nlist", "4", false)]
    [InlineData("GPU_CAGRA", "nlist", "4", false)]
    public void Types_and_parameters_are_checked(string type, string key, string value, bool good)
    {
        var fault = IndexRules.Check(Vector, type, MetricType.L2, k => k == key ? value : null);
        Assert.Equal(good, fault is null);
    }

    [Fact]
    public void A_metric_must_fit_the_type_and_be_there()
    {
        Assert.Contains("does not support metric", IndexRules.Check(Vector, "FLAT", MetricType.Hamming, _ => null)!.Sentence, StringComparison.Ordinal);
        Assert.Contains("metric type not set", IndexRules.Check(Vector, "FLAT", null, _ => null)!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_serves_an_index_is_named()
    {
        Assert.Equal("HNSW", IndexRules.ServedBy(Vector, "DISKANN"));
        Assert.Equal("FLAT", IndexRules.ServedBy(Vector, "FLAT"));
        Assert.Equal("SCAN", IndexRules.ServedBy(Number, "INVERTED"));
        Assert.NotNull(IndexRules.Check(Number, "BITMAP", null, _ => null));
        Assert.Null(IndexRules.Check(Number, "STL_SORT", null, _ => null));
    }
}
