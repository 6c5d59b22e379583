namespace Elanus.Cli.Tests.Demo;

public sealed class WordsTests
{
    [Theory]
    [InlineData("ReadAllLines", "read all lin")]
    [InlineData("XMLFile", "xml fil")]
    [InlineData("sorting sorted sorts", "sort sort sort")]
    [InlineData("copies of the indexes", "copy - - index")]
    [InlineData("stopped running quickly", "stop run quick")]
    [InlineData("class address status", "class address status")]
    [InlineData("white-space", "whit spac")]
    [InlineData("", "")]
    public void Text_is_cut_and_stemmed(string text, string stems) =>
        Assert.Equal(stems, string.Join(' ', Words.Of(text).Select(w => w?.Stem ?? "-")));

    [Fact]
    public void Rare_words_weigh_more_than_common_ones()
    {
        Assert.True(WordWeights.Of("get") < WordWeights.Of("sort"));
        Assert.Equal(1, WordWeights.Of("zyzzyva"));
    }
}
