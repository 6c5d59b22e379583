using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Google.Protobuf.Reflection;

namespace Elanus.Milvus.Tests.Wire;

public class DescriptorTests
{
    [WireFactsFact]
    public void The_compiled_descriptors_say_what_the_facts_say()
    {
        var facts = WireFacts.Rows().ToHashSet();
        var compiled = Files().SelectMany(Rows).ToHashSet();
        Assert.Equal("", string.Join('\n', facts.Except(compiled).Select(row => "only in the facts: " + row)));
        Assert.Equal("", string.Join('\n', compiled.Except(facts).Select(row => "only compiled: " + row)));
    }

    [Fact]
    public void The_service_has_its_117_methods() =>
        Assert.Equal(117, ServiceReflection.Descriptor.Services.Single(s => s.Name == "MilvusService").Methods.Count);

    /// <summary>The service's file and everything it imports, and the privileges, which no message mentions.</summary>
    private static HashSet<FileDescriptor> Files()
    {
        var files = new HashSet<FileDescriptor>();
        Visit(ServiceReflection.Descriptor);
        Visit(PrivilegeReflection.Descriptor);
        return files;

        void Visit(FileDescriptor file)
        {
            if (files.Add(file))
            {
                foreach (var imported in file.Dependencies)
                {
                    Visit(imported);
                }
            }
        }
    }

    private static IEnumerable<string> Rows(FileDescriptor file) =>
        file.EnumTypes.SelectMany(Rows)
            .Concat(file.MessageTypes.SelectMany(Rows))
            .Concat(file.Services.SelectMany(service => service.Methods.Select((method, index) =>
                $"rpc\t{service.FullName}\t{index + 1}\t{method.Name}\t{Side(method.IsClientStreaming, method.InputType)} -> {Side(method.IsServerStreaming, method.OutputType)}")));

    private static string Side(bool streaming, MessageDescriptor type) => (streaming ? "stream " : "") + type.FullName;

    private static IEnumerable<string> Rows(EnumDescriptor type) =>
        type.Values.Select(value => $"enum\t{type.FullName}\t{value.Number}\t{value.Name}");

    private static IEnumerable<string> Rows(MessageDescriptor type)
    {
        if (type.GetOptions()?.MapEntry == true)
        {
            return [];
        }

        var own = type.Fields.InDeclarationOrder().Select(field => $"field\t{type.FullName}\t{field.FieldNumber}\t{field.Name}\t{Type(field)}{Marks(field)}");
        return (type.Fields.InDeclarationOrder().Count == 0 ? [$"message\t{type.FullName}"] : own)
            .Concat(type.NestedTypes.SelectMany(Rows))
            .Concat(type.EnumTypes.SelectMany(Rows));
    }

    private static string Type(FieldDescriptor field) => field switch
    {
        { IsMap: true } => $"map<{Type(field.MessageType.FindFieldByNumber(1))},{Type(field.MessageType.FindFieldByNumber(2))}>",
        { FieldType: FieldType.Message } => field.MessageType.FullName,
        { FieldType: FieldType.Enum } => field.EnumType.FullName,
        _ => field.FieldType.ToString().ToLowerInvariant(),
    };

    private static string Marks(FieldDescriptor field) =>
        (field.IsRepeated && !field.IsMap ? " repeated" : "")
        + (field.ToProto().Proto3Optional ? " optional" : "")
        + (field.RealContainingOneof is { } group ? " oneof=" + group.Name : "")
        + (field.GetOptions()?.Deprecated == true ? " deprecated" : "");
}
