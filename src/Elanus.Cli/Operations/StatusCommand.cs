using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Elanus.Primitives;
using Elanus.Server.Operations.Protocol;
using Spectre.Console;

namespace Elanus.Cli;

/// <summary><c>elanus status</c>: how one node is, as a table or as one JSON object.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static Command Create(IFileSystem files)
    {
        var node = new NodeAddress(files);
        var json = new Option<bool>("--json") { Description = "Print one JSON object and nothing else." };
        var command = new Command("status", "Says how a node is: its role, epoch, in-sync set and lag.") { json };
        node.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            if (!(await node.Status(parsed, Timeout, cancel)).TryGet(out var status, out var failure))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"elanus: {failure.Sentence}");
                return ExitCodes.Failed;
            }

            if (parsed.GetValue(json))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(Report(status), Json));
            }
            else
            {
                Print(status);
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static object Report(NodeStatus status) => new
    {
        status.Role,
        status.Epoch,
        status.InSync,
        status.Pid,
        status.Serving,
        status.LagRecords,
        status.LagSeconds,
        status.Committed,
        status.Applied,
        status.Durable,
        status.Node,
        status.Address,
        status.Active,
        status.Cluster,
        status.Version,
        status.MinInSync,
        status.AcceptsWrites,
        status.AloneInSet,
        status.HeldCalls,
        status.RecordFormat,
        status.NewestFormat,
        Peers = status.Peers.Select(peer => new { peer.Node, peer.Address, peer.InSync, peer.Connected, LagRecords = peer.HasLagRecords ? peer.LagRecords : (ulong?)null }),
        Failovers = status.Failovers.Select(failover => new { failover.Epoch, failover.Holder, At = Time(failover.AtMs), failover.Why }),
        Copying = status.Copying.Length > 0 ? status.Copying : null,
        Takeover = status.Takeover.Length > 0 ? status.Takeover : null,
        status.Warnings,
    };

    private static void Print(NodeStatus status)
    {
        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = false };
        table.AddColumn("what").AddColumn("value");
        Row("node", $"{status.Address} ({status.Node}), process {status.Pid}, version {status.Version}");
        Row("cluster", status.Cluster.Length > 0 ? status.Cluster : "none: this node is alone");
        Row("role", status.Serving ? status.Role : $"{status.Role}, not serving");
        Row("active", status.Active.Length > 0 ? status.Active : "none known");
        Row("epoch", Number(status.Epoch));
        Row("in sync", $"{string.Join(", ", status.InSync)}; a write needs {1 + status.MinInSync}{(status.AcceptsWrites ? "" : ": writes wait, or are refused")}");
        Row("held calls", Number((ulong)status.HeldCalls));
        Row("log", $"committed {Number(status.Committed)}, applied {Number(status.Applied)}, durable {Number(status.Durable)}");
        Row("behind the active", string.Create(CultureInfo.InvariantCulture, $"{status.LagRecords:N0} records, {status.LagSeconds:0.0} s"));
        if (status.Copying.Length > 0)
        {
            Row("copy", status.Copying);
        }

        foreach (var peer in status.Peers)
        {
            Row("peer", $"{peer.Address} ({peer.Node}), {(peer.InSync ? "in sync" : "not in sync")}, {(peer.Connected ? "connected" : "not connected")}{(peer.HasLagRecords ? $", {Number(peer.LagRecords)} records behind" : "")}");
        }

        foreach (var failover in status.Failovers)
        {
            Row("failover", $"{Time(failover.AtMs)}: epoch {Number(failover.Epoch)} to {failover.Holder}, {failover.Why}");
        }

        if (status.Takeover.Length > 0)
        {
            Row("takeover", status.Takeover);
        }

        foreach (var warning in status.Warnings)
        {
            Row("warning", warning);
        }

        AnsiConsole.Write(table);

        void Row(string what, string value) => table.AddRow(Markup.Escape(what), Markup.Escape(value));
    }

    private static string Number(ulong value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
