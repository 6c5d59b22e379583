using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Server.Tests.Configuration;

public sealed class KeyNamesTests
{
    [Fact]
    public void Names_are_one_key_s_where_their_canonical_forms_are_equal()
    {
        var letters = Gen.Elements('a', 'A', 'b', '_', '.', '/').ArrayOf().Select(chars => new string(chars));
        Prop.ForAll(Gen.Zip(letters, letters).ToArbitrary(), pair => KeyNames.IsSame(pair.Item1, pair.Item2) == (KeyNames.Canonical(pair.Item1) == KeyNames.Canonical(pair.Item2)))
            .QuickCheckThrowOnFailure();
        Assert.True(KeyNames.IsSame("COMMON_SECURITY_TLSMODE", KeyNames.TlsMode));
    }

    [Theory]
    [InlineData("port", "port", 0)]
    [InlineData("prot", "port", 1)]
    [InlineData("por", "port", 1)]
    [InlineData("poort", "port", 1)]
    [InlineData("", "port", 4)]
    [InlineData("data", "host", 4)]
    public void Edits_are_counted(string left, string right, int edits)
    {
        Assert.Equal(edits, KeyNames.Edits(left, right));
        Assert.Equal(edits, KeyNames.Edits(right, left));
    }

    [Fact]
    public void The_nearest_name_is_found_or_none()
    {
        string[] flags = ["--port", "--data", "--host"];
        Assert.Equal("--port", KeyNames.Nearest("--prot", flags));
        Assert.Null(KeyNames.Nearest("--something-else", flags));
    }

    [Theory]
    [InlineData("etcd.endpoints", true)]
    [InlineData("ROOTCOORD.port", true)]
    [InlineData("elanus.dataPath", false)]
    [InlineData("metrics.port", false)]
    public void Sections_of_Milvus_are_known(string key, bool milvus) => Assert.Equal(milvus, KeyNames.IsInMilvusSection(key));
}
