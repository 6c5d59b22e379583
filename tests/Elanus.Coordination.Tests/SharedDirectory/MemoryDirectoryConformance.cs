using Elanus.Coordination.Tests.Conformance;

namespace Elanus.Coordination.Tests.SharedDirectory;

/// <summary>The shared directory on the simulator's disk.</summary>
public sealed class MemoryDirectoryConformance : ArbiterConformance
{
    private const string Root = "/share";
    private readonly MemoryFileSystem files = new();

    public override async Task InitializeAsync() => Assert.True((await files.CreateDirectoryAsync(Root, default)).Succeeded);

    protected override Task<IArbiter> OpenAsync() =>
        Task.FromResult<IArbiter>(new SharedDirectoryArbiter(files, Root, new() { PollInterval = TimeSpan.FromMilliseconds(20) }, TimeProvider.System, new SystemRandom()));

    protected override async Task ForgetAsync()
    {
        foreach (var folder in (await files.ListAsync(Root, default))!.Select(entry => $"{Root}/{entry.Name}"))
        {
            foreach (var file in (await files.ListAsync(folder, default))!)
            {
                await files.DeleteAsync($"{folder}/{file.Name}", default);
            }

            await files.DeleteDirectoryAsync(folder, default);
        }
    }
}
