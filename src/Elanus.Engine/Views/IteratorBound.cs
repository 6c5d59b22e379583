using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>
/// The last hit an iterator delivered. Hits behind it are worse; with its key also those that are equal and have a higher key, so that ties are
/// neither lost nor repeated.
/// </summary>
public readonly record struct IteratorBound(float Score, FieldValue? Key = null);
