using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Elanus.Milvus;

/// <summary>The <c>system_info</c> document that administration tools draw their node page from. Only what is known stands in it.</summary>
internal static class SystemInformation
{
    public static string NodeName(ServerIdentity server) => $"standalone{server.ProtocolNodeId.ToString(CultureInfo.InvariantCulture)}";

    public static string Json(ServerIdentity server, ServerHealth health)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("nodes_info");
            writer.WriteStartObject();
            writer.WriteNumber("identifier", server.ProtocolNodeId);
            writer.WriteStartArray("connected");
            writer.WriteEndArray();
            writer.WriteStartObject("infos");
            Node(writer, server, health);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Node(Utf8JsonWriter writer, ServerIdentity server, ServerHealth health)
    {
        writer.WriteBoolean("has_error", !health.IsHealthy);
        writer.WriteString("error_reason", string.Join("; ", health.Reasons));
        writer.WriteString("name", NodeName(server));
        writer.WriteString("type", "standalone");
        writer.WriteNumber("id", server.ProtocolNodeId);
        writer.WriteString("created_time", server.Started.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteStartObject("hardware_infos");
        writer.WriteString("ip", server.Address);
        writer.WriteNumber("cpu_core_count", Environment.ProcessorCount);
        writer.WriteNumber("memory", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        writer.WriteNumber("memory_usage", Environment.WorkingSet);
        writer.WriteEndObject();
        writer.WriteStartObject("system_info");
        writer.WriteString("system_version", server.Version);
        writer.WriteString("deploy_mode", server.DeployMode);
        writer.WriteString("build_version", $"elanus-{server.Version}");
        writer.WriteEndObject();
        writer.WriteStartObject("system_configurations");
        writer.WriteEndObject();
    }
}
