namespace Elanus.Server.Tests.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void Every_default_is_a_value_of_its_setting() => Assert.All(Settings.All, s => Assert.Null(s.Fault(s.Default)));

    [Fact]
    public void Every_declared_setting_stands_in_the_table_once()
    {
        var declared = typeof(Settings).GetFields().Select(f => (Setting)f.GetValue(null)!).ToList();
        Assert.Equal(declared.Count, Settings.All.Count);
        Assert.Empty(declared.Except(Settings.All));
        Assert.Equal(Settings.All.Count, Settings.All.Select(s => KeyNames.Canonical(s.Key)).Distinct().Count());
    }

    [Fact]
    public void The_documentation_is_the_table()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Elanus.slnx")))
        {
            folder = folder.Parent!;
        }

        Assert.Equal(ConfigurationDocument.Markdown(), File.ReadAllText(Path.Combine(folder.FullName, "docs", "configuration.md")));
    }

    [Fact]
    public void The_default_password_is_not_printed()
    {
        var configuration = ConfigurationReader.Read(new() { Environment = new Dictionary<string, string> { ["COMMON_SECURITY_DEFAULTROOTPASSWORD"] = "swordfish" } }).Configuration!;
        Assert.Equal("swordfish", configuration.DefaultRootPassword);
        Assert.DoesNotContain("swordfish", configuration.ToString(), StringComparison.Ordinal);
    }
}
