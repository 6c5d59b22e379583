using System.Text;
using Elanus.Primitives;
using Elanus.Primitives.Tests;

namespace Elanus.Server.Tests;

public sealed class BackupFormTests
{
    [Fact]
    public void A_manifest_is_what_reflection_makes_of_it() =>
        Assert.Empty(KeptForm.Differences<BackupManifest>(
            manifest => KeptJson.Write(json => json.WriteObject(manifest, BackupJson.Write), indented: true), bytes => KeptJson.Read(bytes, BackupJson.Read), indented: true));

    [Fact]
    public void A_manifest_comes_back_and_with_any_digit_changed_it_is_refused()
    {
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, "00000000000000aa", 1, "", 12, new(345), 678, new(901), [new("log/log.head", 64, 55)]);
        var text = Encoding.UTF8.GetString(manifest.Write());
        var again = BackupManifest.Read(Encoding.UTF8.GetBytes(text), "it").Value;
        Assert.Equal(manifest with { Files = [] }, again with { Files = [] });
        Assert.Equal(manifest.Files.AsEnumerable(), again.Files);
        foreach (var at in Enumerable.Range(0, text.Length).Where(at => char.IsAsciiDigit(text[at])))
        {
            var changed = text[..at] + (text[at] == '9' ? '8' : (char)(text[at] + 1)) + text[(at + 1)..];
            Assert.False(BackupManifest.Read(Encoding.UTF8.GetBytes(changed), "it").Succeeded, changed);
        }
    }

    [Fact]
    public void A_manifest_without_a_check_is_refused_with_a_sentence()
    {
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, "00000000000000aa", 1, "", 0, default, 1, new(9), []);
        var bytes = KeptJson.Write(json => json.WriteObject(manifest, BackupJson.Write));
        Assert.Contains("it has no check", BackupManifest.Read(bytes, "it").Failure!.Sentence, StringComparison.Ordinal);
    }
}
