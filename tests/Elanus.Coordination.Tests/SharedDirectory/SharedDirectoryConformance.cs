using Elanus.Coordination.Tests.Conformance;

namespace Elanus.Coordination.Tests.SharedDirectory;

public sealed class SharedDirectoryConformance : ArbiterConformance, IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("elanus-arbiter-");

    protected override Task<IArbiter> OpenAsync() =>
        Task.FromResult<IArbiter>(new SharedDirectoryArbiter(new RealFileSystem(), root.FullName, new() { PollInterval = TimeSpan.FromMilliseconds(20) }, TimeProvider.System, new SystemRandom()));

    protected override Task ForgetAsync()
    {
        foreach (var folder in root.GetDirectories())
        {
            folder.Delete(recursive: true);
        }

        return Task.CompletedTask;
    }

    public void Dispose() => root.Delete(recursive: true);
}
