using Elanus.Rpc.Client;
using Elanus.Rpc.Health;
using Elanus.Rpc.Health.Protocol;
using Status = Elanus.Rpc.Health.Protocol.HealthCheckResponse.Types.ServingStatus;

namespace Elanus.Rpc.Tests.Health;

public class HealthTests
{
    private static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> Check = new(HealthReflection.Descriptor.Services[0], "Check");
    private static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> Watch = new(HealthReflection.Descriptor.Services[0], "Watch");

    [Fact]
    public async Task Check_tells_the_status_and_says_so_where_none_is_known()
    {
        var health = new RpcHealth();
        await using var server = await ProbeServer.Start(more: _ => [health.Service()]);
        using var channel = new RpcChannel(server.Address);
        Assert.Equal(Status.NotServing, (await channel.Call(Check, new HealthCheckRequest(), default)).Value.Status);
        health.Set("", true);
        Assert.Equal(Status.Serving, (await channel.Call(Check, new HealthCheckRequest(), default)).Value.Status);
        Assert.Equal(RpcStatusCode.NotFound, (await channel.Call(Check, new HealthCheckRequest { Service = "other" }, default)).Status.Code);
    }

    [Fact]
    public async Task Watch_tells_every_change()
    {
        var health = new RpcHealth();
        await using var server = await ProbeServer.Start(more: _ => [health.Service()]);
        using var channel = new RpcChannel(server.Address);
        await using var watch = channel.Open(Watch, RpcCallOptions.None, default);
        await watch.Write(new() { Service = "later" }, default);
        await watch.EndWrites(default);
        Assert.Equal(Status.ServiceUnknown, (await watch.Read(default))?.Status);
        health.Set("later", true);
        Assert.Equal(Status.Serving, (await watch.Read(default))?.Status);
        health.Set("another", true);
        health.Set("later", false);
        Assert.Equal(Status.NotServing, (await watch.Read(default))?.Status);
    }
}
