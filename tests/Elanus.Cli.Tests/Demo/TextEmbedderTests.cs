using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Cli.Tests.Demo;

public sealed class TextEmbedderTests
{
    private static readonly ApiMember[] Members =
    [
        new("M:System.Collections.Generic.List`1.Sort", "Sorts the elements in the entire List using the default comparer."),
        new("P:System.Collections.SortedList.Values", "Gets the values in a SortedList object."),
        new("P:System.ComponentModel.IBindingList.IsSorted", "Gets whether the items in the list are sorted."),
        new("M:System.IO.File.ReadAllLines(System.String)", "Opens a text file, reads all lines of the file, and then closes the file."),
        new("M:System.String.TrimEnd", "Removes all the trailing white-space characters from the current string."),
        new("M:System.Text.Ascii.ToLowerInPlace(System.Span{System.Char},System.Int32@)", "Performs in-place uppercase conversion."),
    ];

    [Theory]
    [InlineData("sort a list in place", "M:System.Collections.Generic.List`1.Sort")]
    [InlineData("read all the lines of a file", "M:System.IO.File.ReadAllLines(System.String)")]
    [InlineData("remove white space at the end of a string", "M:System.String.TrimEnd")]
    public void The_member_that_a_reader_would_pick_is_nearest(string question, string id)
    {
        var asked = TextEmbedder.Embed(question);
        Assert.Equal(id, Members.MaxBy(m => Product(asked, TextEmbedder.Embed(m)))!.Id);
    }

    [Fact]
    public void Forms_of_a_word_are_nearer_than_other_words()
    {
        var sort = TextEmbedder.Embed("sort");
        Assert.True(Product(sort, TextEmbedder.Embed("sorted")) > 0.5f);
        Assert.True(Product(sort, TextEmbedder.Embed("stream")) < 0.3f);
    }

    [Fact]
    public void A_vector_has_length_one_and_is_the_same_each_time() =>
        Prop.ForAll<string?>(text =>
        {
            var vector = TextEmbedder.Embed(text ?? "");
            return vector.Length == TextEmbedder.Dimension && Math.Abs(Product(vector, vector) - 1) < 1e-4 && vector.SequenceEqual(TextEmbedder.Embed(text ?? ""));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_hash_is_the_one_that_stored_vectors_were_made_with()
    {
        var vector = TextEmbedder.Embed("kite");
        Assert.Equal(Pinned, string.Join(' ', vector.Select((x, i) => (x, i)).Where(v => Math.Abs(v.x) > 0.3f).Select(v => $"{v.i}:{(v.x > 0 ? '+' : '-')}")));
    }

    private const string Pinned = "11:- 42:- 43:- 87:+ 147:+ 171:- 219:+";

    private static float Product(float[] left, float[] right) => left.Zip(right, (a, b) => a * b).Sum();
}
