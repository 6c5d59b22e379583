namespace Elanus.Milvus;

/// <summary>How Milvus names one kind of failure to its clients.</summary>
/// <param name="Code">The number in <c>status.code</c>.</param>
/// <param name="Phrase">What the message begins with, before the bracketed details.</param>
/// <param name="Retriable">Whether the same call may succeed later.</param>
/// <param name="Legacy">The deprecated <c>status.error_code</c>, which the Node client compares by name.</param>
public sealed record ErrorKind(int Code, string Phrase, bool Retriable, Protocol.Common.ErrorCode Legacy);
