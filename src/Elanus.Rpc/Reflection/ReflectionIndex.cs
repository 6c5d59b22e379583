using Elanus.Rpc.Reflection.V1;
using Google.Protobuf.Reflection;

namespace Elanus.Rpc.Reflection;

/// <summary>What is declared where, in the files of some services and all that they import. Proto3 files declare no extensions, and neither do these. Immutable.</summary>
internal sealed class ReflectionIndex
{
    private readonly string[] services;
    private readonly Dictionary<string, FileDescriptor> filesByName = [];
    private readonly Dictionary<string, FileDescriptor> filesBySymbol = [];
    private readonly HashSet<string> messages = [];

    public ReflectionIndex(IReadOnlyCollection<ServiceDescriptor> descriptors)
    {
        services = [.. descriptors.Select(service => service.FullName).Order(StringComparer.Ordinal)];
        foreach (var service in descriptors)
        {
            Add(service.File);
        }
    }

    public ServerReflectionResponse Answer(ServerReflectionRequest question)
    {
        var answer = new ServerReflectionResponse { ValidHost = question.Host, OriginalRequest = question };
        switch (question.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                answer.ListServicesResponse = new();
                answer.ListServicesResponse.Service.AddRange(services.Select(name => new ServiceResponse { Name = name }));
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                Files(filesByName, question.FileByFilename, "file");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                Files(filesBySymbol, question.FileContainingSymbol.TrimStart('.'), "symbol");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType when messages.Contains(question.AllExtensionNumbersOfType):
                answer.AllExtensionNumbersResponse = new() { BaseTypeName = question.AllExtensionNumbersOfType };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                answer.ErrorResponse = Error(RpcStatusCode.NotFound, $"no message is named {question.AllExtensionNumbersOfType}");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                answer.ErrorResponse = Error(RpcStatusCode.NotFound, $"{question.FileContainingExtension.ContainingType} has no extension {question.FileContainingExtension.ExtensionNumber}");
                break;
            default:
                answer.ErrorResponse = Error(RpcStatusCode.InvalidArgument, "the request asks nothing");
                break;
        }

        return answer;

        void Files(Dictionary<string, FileDescriptor> known, string name, string kind)
        {
            if (!known.TryGetValue(name, out var file))
            {
                answer.ErrorResponse = Error(RpcStatusCode.NotFound, $"no {kind} is named {name}");
                return;
            }

            answer.FileDescriptorResponse = new();
            var sent = new HashSet<FileDescriptor>();
            Send(file);

            void Send(FileDescriptor next)
            {
                if (sent.Add(next))
                {
                    answer.FileDescriptorResponse.FileDescriptorProto.Add(next.SerializedData);
                    foreach (var imported in next.Dependencies)
                    {
                        Send(imported);
                    }
                }
            }
        }
    }

    private static ErrorResponse Error(RpcStatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };

    private void Add(FileDescriptor file)
    {
        if (!filesByName.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var imported in file.Dependencies)
        {
            Add(imported);
        }

        foreach (var service in file.Services)
        {
            filesBySymbol[service.FullName] = file;
            foreach (var method in service.Methods)
            {
                filesBySymbol[method.FullName] = file;
            }
        }

        foreach (var type in file.EnumTypes)
        {
            filesBySymbol[type.FullName] = file;
        }

        foreach (var message in file.MessageTypes)
        {
            Add(message);
        }
    }

    private void Add(MessageDescriptor message)
    {
        messages.Add(message.FullName);
        filesBySymbol[message.FullName] = message.File;
        foreach (var type in message.EnumTypes)
        {
            filesBySymbol[type.FullName] = message.File;
        }

        foreach (var nested in message.NestedTypes)
        {
            Add(nested);
        }
    }
}
