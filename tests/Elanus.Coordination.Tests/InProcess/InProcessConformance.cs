using Elanus.Coordination.Tests.Conformance;

namespace Elanus.Coordination.Tests.InProcess;

public sealed class InProcessConformance : ArbiterConformance
{
    private readonly InProcessStore store = new(TimeProvider.System);

    protected override Task<IArbiter> OpenAsync() => Task.FromResult<IArbiter>(new InProcessArbiter(store));

    protected override Task ForgetAsync()
    {
        store.Restore(InProcessImage.Empty);
        return Task.CompletedTask;
    }
}
