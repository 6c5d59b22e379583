using Elanus.Milvus.Protocol;

namespace Elanus.Milvus.Wire;

/// <summary>A search: its request without the placeholder group, parsed, and the group's bytes where they arrived.</summary>
public sealed class RawSearch
{
    private RawSearch(SearchRequest request, ReadOnlyMemory<byte>? placeholderGroup)
    {
        Request = request;
        PlaceholderGroup = placeholderGroup;
    }

    /// <summary>Everything but placeholder_group.</summary>
    public SearchRequest Request { get; }

    /// <summary>The serialised group (see <see cref="RawPlaceholder.ReadGroup"/>); null where the request searches by keys, or for nothing.</summary>
    public ReadOnlyMemory<byte>? PlaceholderGroup { get; }

    /// <summary>A search, or a failure that names the place where the bytes are malformed.</summary>
    public static Result<RawSearch> Read(ReadOnlyMemory<byte> raw)
    {
        var request = new SearchRequest();
        var groups = new List<ReadOnlyMemory<byte>>(1);
        if (RequestParts.Split(raw, SearchRequest.PlaceholderGroupFieldNumber, request, groups) is { } fault)
        {
            return Failure.Invalid($"the SearchRequest is malformed: {fault}");
        }

        // Group and keys exclude each other; where a client sends both, the later one counts.
        if (groups.Count > 0 && request.Ids is not null)
        {
            if (RequestParts.IsBefore(raw, SearchRequest.PlaceholderGroupFieldNumber, SearchRequest.IdsFieldNumber))
            {
                groups.Clear();
            }
            else
            {
                request.Ids = null;
            }
        }

        return new RawSearch(request, groups.Count == 0 ? default(ReadOnlyMemory<byte>?) : groups[^1]);
    }
}
