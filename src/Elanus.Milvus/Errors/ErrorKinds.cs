// The one place where Elanus's kinds of failure become Milvus's numbers and phrases.
using System.Collections.Frozen;
using Legacy = Elanus.Milvus.Protocol.Common.ErrorCode;

namespace Elanus.Milvus;

/// <summary>The kind that Milvus's clients see for each <see cref="FailureCode"/>.</summary>
public static class ErrorKinds
{
    private static readonly FrozenDictionary<FailureCode, ErrorKind> Table = new Dictionary<FailureCode, ErrorKind>
    {
        [FailureCode.NotReady] = new(1, "service not ready", true, Legacy.NotReadyServe),
        [FailureCode.Unavailable] = new(2, "service unavailable", true, Legacy.UnexpectedError),
        [FailureCode.OutOfMemory] = new(3, "memory limit exceeded", false, Legacy.InsufficientMemoryToLoad),
        [FailureCode.TooManyRequests] = new(4, "too many concurrent requests, queue is full", true, Legacy.UnexpectedError),
        [FailureCode.Internal] = new(5, "service internal error", false, Legacy.UnexpectedError),
        [FailureCode.RateLimited] = new(8, "rate limit exceeded", true, Legacy.RateLimit),
        [FailureCode.QuotaExceeded] = new(9, "quota exceeded", false, Legacy.ForceDeny),
        [FailureCode.Unimplemented] = new(10, "service unimplemented", false, Legacy.UnexpectedError),
        [FailureCode.ResourceInsufficient] = new(12, "service resource insufficient", true, Legacy.UnexpectedError),
        [FailureCode.CollectionNotFound] = new(100, "collection not found", false, Legacy.CollectionNotExists),
        [FailureCode.CollectionNotLoaded] = new(101, "collection not loaded", false, Legacy.UnexpectedError),
        [FailureCode.CollectionLimitExceeded] = new(102, "exceeded the limit number of collections", false, Legacy.UnexpectedError),
        [FailureCode.CollectionNotFullyLoaded] = new(103, "collection not fully loaded", true, Legacy.UnexpectedError),
        [FailureCode.CollectionLoaded] = new(104, "collection already loaded", false, Legacy.UnexpectedError),
        [FailureCode.IllegalSchema] = new(105, "illegal collection schema", false, Legacy.UnexpectedError),

        // The Node client refreshes its cached schema and sends the rows again only where it sees this name.
        [FailureCode.SchemaMismatch] = new(109, "collection schema mismatch", false, Legacy.SchemaMismatch),
        [FailureCode.PartitionNotFound] = new(200, "partition not found", false, Legacy.MetaFailed),
        [FailureCode.PartitionNotLoaded] = new(201, "partition not loaded", false, Legacy.UnexpectedError),
        [FailureCode.CapacityExceeded] = new(250, "general capacity exceeded", false, Legacy.UnexpectedError),
        [FailureCode.ResourceGroupNotFound] = new(300, "resource group not found", false, Legacy.UnexpectedError),
        [FailureCode.ResourceGroupIllegalConfig] = new(303, "resource group illegal config", false, Legacy.UnexpectedError),
        [FailureCode.ReplicaNotFound] = new(400, "replica not found", false, Legacy.MetaFailed),
        [FailureCode.ReplicaNotAvailable] = new(401, "replica not available", false, Legacy.NoReplicaAvailable),
        [FailureCode.SegmentNotFound] = new(600, "segment not found", false, Legacy.SegmentNotFound),
        [FailureCode.IndexNotFound] = new(700, "index not found", false, Legacy.IndexNotExist),
        [FailureCode.IndexNotSupported] = new(701, "index type not supported", false, Legacy.UnexpectedError),
        [FailureCode.IndexDuplicate] = new(702, "index duplicates", false, Legacy.UnexpectedError),
        [FailureCode.DatabaseNotFound] = new(800, "database not found", false, Legacy.UnexpectedError),
        [FailureCode.DatabaseLimitExceeded] = new(801, "exceeded the limit number of database", false, Legacy.UnexpectedError),
        [FailureCode.DatabaseInvalidName] = new(802, "invalid database name", false, Legacy.UnexpectedError),
        [FailureCode.InvalidParameter] = new(1100, "invalid parameter", false, Legacy.IllegalArgument),
        [FailureCode.MissingParameter] = new(1101, "missing parameter", false, Legacy.UnexpectedError),
        [FailureCode.ParameterTooLarge] = new(1102, "parameter too large", false, Legacy.UnexpectedError),
        [FailureCode.MetricNotFound] = new(1200, "metric not found", false, Legacy.UnexpectedError),
        [FailureCode.NotAuthenticated] = new(1400, "not authenticated", false, Legacy.UnexpectedError),
        [FailureCode.NotPermitted] = new(1401, "privilege not permitted", false, Legacy.UnexpectedError),
        [FailureCode.AliasNotFound] = new(1600, "alias not found", false, Legacy.UnexpectedError),
        [FailureCode.AliasCollectionNameConflict] = new(1601, "alias and collection name conflict", false, Legacy.UnexpectedError),
        [FailureCode.AliasAlreadyExists] = new(1602, "alias already exist", false, Legacy.UnexpectedError),
        [FailureCode.FieldNotFound] = new(1700, "field not found", false, Legacy.UnexpectedError),
        [FailureCode.FieldInvalidName] = new(1701, "field name invalid", false, Legacy.UnexpectedError),
        [FailureCode.NeedAuthentication] = new(1800, "user hasn't authenticated", false, Legacy.UnexpectedError),
        [FailureCode.IncorrectFormat] = new(1801, "can only accept json format request", false, Legacy.UnexpectedError),
        [FailureCode.MissingRequiredParameters] = new(1802, "missing required parameters", false, Legacy.UnexpectedError),
        [FailureCode.InvalidInsertData] = new(1804, "fail to deal the insert data", false, Legacy.UnexpectedError),
        [FailureCode.BadPrimaryKeys] = new(1806, "please check the primary key and its' type can only in [int, string]", false, Legacy.UnexpectedError),
        [FailureCode.ImportFailed] = new(2100, "importing data failed", false, Legacy.UnexpectedError),
        [FailureCode.NotSupported] = new(3000, "unsupported operation", false, Legacy.UnexpectedError),

        // Milvus's name for a failure without a kind; its messages carry no phrase.
        [FailureCode.Unexpected] = new(65535, "", false, Legacy.UnexpectedError),
    }.ToFrozenDictionary();

    public static ErrorKind Of(FailureCode code) => Table[code];
}
