using System.Text;
using Elanus.Primitives;

namespace Elanus.Cli.Tests.Demo;

public sealed class ApiDocumentationTests
{
    private const string Xml = """
        <doc><assembly><name>X</name></assembly><members>
          <member name="M:A.List`1.Sort"><summary>Sorts the
             entire <see cref="T:A.List`1" />; <paramref name="x" /> may be <see langword="null" />.</summary><returns>not this</returns></member>
          <member name="P:A.Silent"><value>no summary</value></member>
          <member name="F:A.Last"><summary>The end.</summary></member>
        </members></doc>
        """;

    [Fact]
    public void Members_are_read_with_their_summaries() =>
        Assert.Equal(
            [new("M:A.List`1.Sort", "Sorts the entire List; x may be null."), new("P:A.Silent", ""), new("F:A.Last", "The end.")],
            ApiDocumentation.Parse(new MemoryStream(Encoding.UTF8.GetBytes(Xml))));

    [Fact]
    public async Task Files_are_found_where_an_SDK_has_them()
    {
        var folder = Directory.CreateTempSubdirectory("elanus-docs-").FullName;
        try
        {
            var home = Directory.CreateDirectory(Path.Combine(folder, "packs", "P", "1.0", "ref", "net10.0")).FullName;
            await File.WriteAllTextAsync(Path.Combine(home, "X.xml"), Xml);
            await File.WriteAllTextAsync(Path.Combine(home, "X.dll"), "");
            var documentation = new ApiDocumentation(new RealFileSystem());
            var found = Assert.Single(await documentation.FindAsync(folder, CancellationToken.None));
            Assert.Equal(3, (await documentation.ReadAsync(found, CancellationToken.None)).Count);
            Assert.Empty(await documentation.FindAsync(home, CancellationToken.None));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
