namespace Elanus.Primitives;

/// <summary>What kind of thing went wrong. Mapped to Milvus's numbers and phrases in one place, in Elanus.Milvus.</summary>
public enum FailureCode
{
    NotReady,
    Unavailable,
    TooManyRequests,
    Internal,
    RateLimited,
    QuotaExceeded,
    Unimplemented,
    CollectionNotFound,
    CollectionNotLoaded,
    CollectionNotFullyLoaded,
    CollectionLimitExceeded,
    CollectionLoaded,
    IllegalSchema,
    SchemaMismatch,
    PartitionNotFound,
    PartitionNotLoaded,
    CapacityExceeded,
    ResourceGroupNotFound,
    ResourceGroupIllegalConfig,
    ReplicaNotFound,
    ReplicaNotAvailable,
    SegmentNotFound,
    IndexNotFound,
    IndexNotSupported,
    IndexDuplicate,
    DatabaseNotFound,
    DatabaseLimitExceeded,
    DatabaseInvalidName,
    InvalidParameter,
    MissingParameter,
    ParameterTooLarge,
    MetricNotFound,
    NotAuthenticated,
    NotPermitted,
    AliasNotFound,
    AliasCollectionNameConflict,
    AliasAlreadyExists,
    FieldNotFound,
    FieldInvalidName,
    NotSupported,
    OutOfMemory,
    ResourceInsufficient,
    ImportFailed,
    InvalidInsertData,
    Unexpected,

    /// <summary>A request over HTTP without valid credentials.</summary>
    NeedAuthentication,

    /// <summary>A request body that is not JSON, or has a member of another type than it must have.</summary>
    IncorrectFormat,

    /// <summary>A request body without a member that it must have.</summary>
    MissingRequiredParameters,

    /// <summary>Primary keys in a request body that are of no use for the collection.</summary>
    BadPrimaryKeys,
}
