using Microsoft.Extensions.Logging;
using static Elanus.Server.SettingKinds;

namespace Elanus.Server;

/// <summary>
/// Every key there is. docs/configuration.md is made from this table; nothing is read from a file, the environment or a flag that does not
/// stand here.
/// </summary>
public static class Settings
{
    public static readonly Setting<string> DataPath = Words(
        "elanus.dataPath", "./elanus-data", "a directory", "Where everything is kept. Made if missing; locked while a server uses it.", "--data", "DIR");

    public static readonly Setting<string> Host = Words(
        "elanus.host", "127.0.0.1", "an address of this machine, or 0.0.0.0", "The address that the client port and the metrics port listen on.", "--host", "ADDRESS");

    public static readonly Setting<HostAndPort?> Advertise = Address(
        "elanus.advertise", "How others reach this node; host and port where it is empty. A member needs it where it listens on 0.0.0.0 or ::.", "--advertise");

    public static readonly Setting<int> Port = Whole(
        "proxy.port", 19530, 0, 65535, "The client port: gRPC and REST. 0 takes a free one.", "--port", "PORT");

    public static readonly Setting<int> MetricsPort = Whole(
        "metrics.port", 9091, 0, 65535, "The port of /healthz, /livez and /metrics. 0 takes a free one.", "--metrics-port", "PORT");

    public static readonly Setting<TlsMode> Tls = Choice(
        KeyNames.TlsMode, "0", "Encryption of the client port: 0 none, 1 the server shows a certificate, 2 the client shows one too.",
        ("0", TlsMode.None), ("1", TlsMode.OneWay), ("2", TlsMode.Mutual));

    public static readonly Setting<string> TlsCertificate = Words(
        "tls.serverPemPath", "", "a file", "The server's certificate (PEM); needed where tlsMode is 1 or 2.");

    public static readonly Setting<string> TlsKey = Words(
        "tls.serverKeyPath", "", "a file", "The certificate's private key (PEM); needed where tlsMode is 1 or 2.");

    public static readonly Setting<string> TlsClientAuthority = Words(
        "tls.caPemPath", "", "a file", "The authority that clients' certificates come from (PEM); needed where tlsMode is 2.");

    public static readonly Setting<bool> Authorization = Switch(
        "common.security.authorizationEnabled", false, "Whether calls need a user's name and password.");

    public static readonly Setting<string> RootPassword = Words(
        "common.security.defaultRootPassword", "Milvus", "a text", "The password that root gets when the data directory is made.", secret: true);

    public static readonly Setting<int> GracefulTimeMs = Whole(
        "common.gracefulTime", 5000, 0, 3_600_000, "How many milliseconds a Bounded read may lie behind.");

    public static readonly Setting<int> StopTimeoutSeconds = Whole(
        "common.gracefulStopTimeout", 10, 0, 1800, "How many seconds calls in progress get to end after SIGTERM.");

    public static readonly Setting<int> NameLengthMax = Whole(
        "proxy.maxNameLength", 255, 1, 255, "Bytes of a name of a collection, partition, field, alias, database or user.");

    public static readonly Setting<int> FieldsMax = Whole("proxy.maxFieldNum", 64, 1, 1024, "Fields of a collection.");

    public static readonly Setting<int> VectorFieldsMax = Whole("proxy.maxVectorFieldNum", 10, 1, 10, "Vector fields of a collection.");

    public static readonly Setting<int> ShardsMax = Whole("proxy.maxShardNum", 16, 1, 256, "Shards of a collection.");

    public static readonly Setting<int> DimensionMax = Whole("proxy.maxDimension", 32768, 1, 262_144, "Elements of a vector.");

    public static readonly Setting<int> TextLengthMax = Whole("proxy.maxVarCharLength", 65535, 1, 1_048_576, "Bytes that max_length of a VarChar field may allow.");

    public static readonly Setting<int> PartitionsMax = Whole("rootCoord.maxPartitionNum", 1024, 1, 65536, "Partitions of a collection.");

    public static readonly Setting<int> DatabasesMax = Whole("rootCoord.maxDatabaseNum", 64, 1, 65536, "Databases.");

    public static readonly Setting<int> ReceivedBytesMax = Whole("proxy.grpc.serverMaxRecvSize", 67_108_864, 1024, int.MaxValue, "Bytes of a message from a client.");

    public static readonly Setting<int> SentBytesMax = Whole("proxy.grpc.serverMaxSendSize", 268_435_456, 1024, int.MaxValue, "Bytes of a message to a client.");

    public static readonly Setting<int> TopKMax = Whole("quotaAndLimits.limits.topK", 16384, 1, 1_000_000, "Results of a search, for one vector.");

    public static readonly Setting<int> QueriesMax = Whole("quotaAndLimits.limits.nq", 16384, 1, 1_000_000, "Vectors of one search.");

    public static readonly Setting<int> ResultWindowMax = Whole("quotaAndLimits.limits.maxQueryResultWindow", 16384, 1, 1_000_000, "Limit plus offset of a query or a search.");

    public static readonly Setting<int> OutputBytesMax = Whole(
        "quotaAndLimits.limits.maxOutputSize", 104_857_600, 1024, 1_073_741_824, "Bytes of the rows and scores that one search or query answers.");

    public static readonly Setting<int> ReadBytesMax = Whole(
        "elanus.reads.memory", 1_073_741_824, 1_048_576, int.MaxValue, "Bytes that all searches and queries in progress may hold for hits and for answers that are not sent yet; more wait.");

    public static readonly Setting<LogLevel> LogLevel = Choice(
        "log.level", "info", "The least severe messages that are logged.",
        ("trace", Microsoft.Extensions.Logging.LogLevel.Trace), ("debug", Microsoft.Extensions.Logging.LogLevel.Debug),
        ("info", Microsoft.Extensions.Logging.LogLevel.Information), ("warn", Microsoft.Extensions.Logging.LogLevel.Warning),
        ("error", Microsoft.Extensions.Logging.LogLevel.Error), ("fatal", Microsoft.Extensions.Logging.LogLevel.Critical));

    public static readonly Setting<int> SegmentMegabytesMax = Whole(
        "dataCoord.segment.maxSize", 1024, 1, 65536, "Megabytes at which a segment is sealed.");

    public static readonly Setting<int> LogFileBytes = Whole(
        "elanus.log.fileSize", 67_108_864, 1_048_576, 1_073_741_824, "Bytes of one file of the write-ahead log; the next one is prepared beside it.");

    public static readonly Setting<int> LogQueueRecordsMax = Whole(
        "elanus.log.queueRecords", 16384, 1, 1_048_576, "Records that may wait for their commit in one channel; more wait before they are taken.");

    public static readonly Setting<int> LogQueueBytesMax = Whole(
        "elanus.log.queueBytes", 268_435_456, 1_048_576, int.MaxValue, "Bytes of records that may wait for their commit in one channel.");

    public static readonly Setting<string> ClusterName = Words(
        "cluster.name", "", "a name; empty: this node is alone", "The cluster that this node belongs to. All its nodes name the same one and the same arbiter.", "--cluster", "NAME");

    public static readonly Setting<string> ClusterArbiter = Words(
        "cluster.arbiter", "", "etcd://HOST:PORT[,HOST:PORT...], dir:/PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE",
        "The judge of who is active; needed where cluster.name is set.", "--arbiter", "URL", secret: true);

    public static readonly Setting<string> ClusterToken = Words(
        "cluster.token", "", "a text", "What the nodes show each other. Empty: the node that forms the cluster draws one and keeps it in the arbiter.", secret: true);

    public static readonly Setting<int> MinInSync = Whole(
        "cluster.minInSync", 0, 0, 6, "How many members beside the active must hold a write before it is answered. 0: a node that is left alone goes on, and says so.");

    public static readonly Setting<bool> Forwarding = Switch(
        "cluster.forwarding", true, "Whether a standby passes calls on to the active, and holds them during a failover; otherwise it refuses them and names the active.");

    public static readonly Setting<bool> StandbyReads = Switch(
        "cluster.reads", false, "Whether a standby answers Bounded, Session and Eventually reads itself.");

    public static readonly Setting<int> CheckpointLogBytes = Whole(
        "elanus.checkpoint.logSize", 67_108_864, 1_048_576, int.MaxValue, "Bytes of log between two checkpoints, a record counted as at least 4096, and so what a start reads at most again; more where the last checkpoint was larger.");

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        DataPath, Host, Advertise, Port, MetricsPort,
        Tls, TlsCertificate, TlsKey, TlsClientAuthority, Authorization, RootPassword,
        GracefulTimeMs, StopTimeoutSeconds,
        NameLengthMax, FieldsMax, VectorFieldsMax, ShardsMax, DimensionMax, TextLengthMax, PartitionsMax, DatabasesMax,
        ReceivedBytesMax, SentBytesMax, TopKMax, QueriesMax, ResultWindowMax, OutputBytesMax, ReadBytesMax,
        ClusterName, ClusterArbiter, ClusterToken, MinInSync, Forwarding, StandbyReads,
        SegmentMegabytesMax, LogFileBytes, LogQueueRecordsMax, LogQueueBytesMax, CheckpointLogBytes, LogLevel,
    ];
}
