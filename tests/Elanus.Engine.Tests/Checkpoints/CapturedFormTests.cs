using Elanus.Primitives;
using Elanus.Primitives.Tests;

namespace Elanus.Engine.Tests;

public sealed class CapturedFormTests
{
    // Read without the check behind it, which no value that is filled with anything passes.
    [Fact]
    public void The_list_of_collections_is_what_reflection_makes_of_it() => Assert.Empty(KeptForm.Differences<CapturedCollection[]>(
        collections => CapturedCollection.Write(collections), bytes => KeptJson.Read(bytes, CapturedJson.Read)));
}
