using Elanus.Rpc.Client;
using Elanus.Rpc.Reflection;
using Elanus.Rpc.Reflection.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Elanus.Rpc.Tests.Reflection;

public class ReflectionTests
{
    private static readonly RpcMethod<ServerReflectionRequest, ServerReflectionResponse> Info = new(ReflectionReflection.Descriptor.Services[0], "ServerReflectionInfo");

    private static readonly RpcMethod<Rpc.Reflection.V1Alpha.ServerReflectionRequest, Rpc.Reflection.V1Alpha.ServerReflectionResponse> InfoAlpha =
        new(Rpc.Reflection.V1Alpha.ReflectionReflection.Descriptor.Services[0], "ServerReflectionInfo");

    [Fact]
    public async Task A_client_can_rebuild_the_descriptors()
    {
        await using var server = await ProbeServer.Start(more: services => new RpcReflection(services).Services());
        using var channel = new RpcChannel(server.Address);
        await using var info = channel.Open(Info, RpcCallOptions.None, default);

        var listed = await Ask(new() { ListServices = "" });
        Assert.Equal(
            ["elanus.rpc.tests.Probe", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"],
            listed.ListServicesResponse.Service.Select(service => service.Name));

        foreach (var symbol in new[] { "elanus.rpc.tests.Probe", "elanus.rpc.tests.Probe.Echo", "elanus.rpc.tests.Ask" })
        {
            var found = await Ask(new() { FileContainingSymbol = symbol });
            var files = FileDescriptor.BuildFromByteStrings(found.FileDescriptorResponse.FileDescriptorProto.Reverse());
            Assert.Contains(files[^1].Services, service => service.FullName == "elanus.rpc.tests.Probe");
            Assert.Equal(symbol, found.OriginalRequest.FileContainingSymbol);
        }

        Assert.Single((await Ask(new() { FileByFilename = "probe.proto" })).FileDescriptorResponse.FileDescriptorProto);
        Assert.Empty((await Ask(new() { AllExtensionNumbersOfType = "elanus.rpc.tests.Ask" })).AllExtensionNumbersResponse.ExtensionNumber);

        async Task<ServerReflectionResponse> Ask(ServerReflectionRequest question)
        {
            Assert.True(await info.Write(question, default));
            return Assert.IsType<ServerReflectionResponse>(await info.Read(default));
        }
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found_and_the_stream_goes_on()
    {
        await using var server = await ProbeServer.Start(more: services => new RpcReflection(services).Services());
        using var channel = new RpcChannel(server.Address);
        await using var info = channel.Open(Info, RpcCallOptions.None, default);
        ServerReflectionRequest[] questions =
        [
            new() { FileByFilename = "no.proto" },
            new() { FileContainingSymbol = "no.Such" },
            new() { AllExtensionNumbersOfType = "no.Such" },
            new() { FileContainingExtension = new() { ContainingType = "elanus.rpc.tests.Ask", ExtensionNumber = 7 } },
        ];
        foreach (var question in questions)
        {
            await info.Write(question, default);
            Assert.Equal((int)RpcStatusCode.NotFound, (await info.Read(default))?.ErrorResponse.ErrorCode);
        }

        await info.Write(new(), default);
        Assert.Equal((int)RpcStatusCode.InvalidArgument, (await info.Read(default))?.ErrorResponse.ErrorCode);
    }

    [Fact]
    public async Task The_earlier_package_answers_the_same()
    {
        await using var server = await ProbeServer.Start(more: services => new RpcReflection(services).Services());
        using var channel = new RpcChannel(server.Address);
        await using var info = channel.Open(InfoAlpha, RpcCallOptions.None, default);
        await info.Write(new() { FileContainingSymbol = "elanus.rpc.tests.Ask" }, default);
        var found = await info.Read(default);
        Assert.Equal("probe.proto", FileDescriptorProto.Parser.ParseFrom(Assert.Single(found!.FileDescriptorResponse.FileDescriptorProto)).Name);
    }
}
