using System.Diagnostics.Metrics;

namespace Elanus.Log;

/// <summary>What is measured about the logs of this process.</summary>
internal static class LogMetrics
{
    private static readonly Meter Meter = new("Elanus.Log");

    private static readonly UpDownCounter<int> FullLogs = Meter.CreateUpDownCounter<int>(
        "log.full", "{log}", "Logs that refuse records because their disk has no room");

    private static readonly Counter<long> RefusedRecords = Meter.CreateCounter<long>(
        "log.refused", "{record}", "Records refused because the disk has no room");

    private static readonly Counter<long> UnpreparedSegments = Meter.CreateCounter<long>(
        "log.unprepared", "{segment}", "Next segments that could not be prepared beside the log, for another reason than room");

    public static void BecameFull() => FullLogs.Add(1);

    public static void HasRoomAgain() => FullLogs.Add(-1);

    public static void NotPrepared() => UnpreparedSegments.Add(1);

    public static void Refused(int records) => RefusedRecords.Add(records);
}
