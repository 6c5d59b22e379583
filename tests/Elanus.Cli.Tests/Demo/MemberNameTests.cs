namespace Elanus.Cli.Tests.Demo;

public sealed class MemberNameTests
{
    [Theory]
    [InlineData("T:System.String", "System.String")]
    [InlineData("M:System.Collections.Generic.List`1.Sort", "System.Collections.Generic.List<T>.Sort")]
    [InlineData("M:System.Collections.Generic.List`1.Sort(System.Int32,System.Int32,System.Collections.Generic.IComparer{`0})", "System.Collections.Generic.List<T>.Sort(Int32, Int32, IComparer<T>)")]
    [InlineData("M:System.Array.Sort``1(``0[])", "System.Array.Sort<T>(T[])")]
    [InlineData("M:System.Uri.#ctor(System.String)", "System.Uri.new(String)")]
    [InlineData("T:System.Collections.Generic.Dictionary`2", "System.Collections.Generic.Dictionary<T1, T2>")]
    [InlineData("M:A.B.C(System.Func{System.Int32,System.String},System.Int32@)", "A.B.C(Func<Int32, String>, Int32)")]
    [InlineData("P:A.B.System#Collections#ICollection#Count", "A.B.System.Collections.ICollection.Count")]
    public void An_id_is_shown_as_one_would_write_it(string id, string shown) => Assert.Equal(shown, MemberName.Display(id));

    [Fact]
    public void The_parts_are_without_arguments_and_type_parameters() =>
        Assert.Equal(["System", "Collections", "Generic", "List", "Sort"], MemberName.Parts("M:System.Collections.Generic.List`1.Sort(System.Int32)"));
}
