using Elanus.Primitives.Tests;

namespace Elanus.Server.Tests;

public sealed class BackupFormTests
{
    [Fact]
    public void A_manifest_is_what_reflection_makes_of_it() =>
        Assert.Empty(KeptForm.Differences<BackupManifest>(manifest => manifest.Write(), bytes => BackupManifest.Read(bytes), indented: true));
}
