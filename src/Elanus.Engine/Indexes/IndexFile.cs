using System.Globalization;
using System.Text;
using Elanus.Primitives;
using Elanus.Storage;

namespace Elanus.Engine;

/// <summary>
/// A built index of one segment as a stored file: one section, <c>image</c>, in the form of its kind. Such files are a node's own: the log knows nothing of them, nodes need not
/// agree on their bytes, and one that is missing or damaged is built again. The name carries segment, index and a hash of everything that it was built from.
/// </summary>
internal static class IndexFile
{
    private const string Image = "image";

    public static string NameOf(SegmentId segment, IndexDefinition definition, StoredFileReference rows) => string.Create(
        CultureInfo.InvariantCulture, $"{segment.Value:x16}-{definition.Id.Value:x}-{HashOf(definition, rows):x16}.idx");

    /// <summary>Writes an index; fails where the disk is full, or has less room than a number of bytes.</summary>
    public static async Task<Result<StoredFileReference>> Write(
        ISegmentStore store, SegmentId segment, SegmentIndex index, StoredFileReference rows, long room, CancellationToken cancel)
    {
        var name = NameOf(segment, index.Definition, rows);
        if (!(await store.CreateAsync(name, StoredFileKind.Index, IdentityOf(index.Definition, rows), room, cancel)).TryGet(out var writer, out var why))
        {
            return why;
        }

        await using (writer)
        {
            var written = await writer.WriteSectionAsync(Image, index.Bytes, index.CopyTo, cancel);
            return written.Succeeded ? await writer.PublishAsync(cancel) : written.Failure;
        }
    }

    /// <summary>The index in a file, read in place; it takes the file over. Fails where the file is another's, or damaged: then it is the caller's.</summary>
    public static unsafe Result<SegmentIndex> View(StoredFile file, IndexDefinition definition, PackedRows rows) =>
        file.Kind == StoredFileKind.Index && file.Identity == IdentityOf(definition, rows.File!.Reference) && file.Find(Image) is { } image
            ? SegmentIndex.View(definition, rows, file.Pointer(image), image.Length, file)
            : new Failure(FailureCode.Internal, $"{file.Path} is no file of index {definition.Id}");

    private static StoredFileIdentity IdentityOf(IndexDefinition definition, StoredFileReference rows) => new(rows.Checksum, HashOf(definition, rows));

    private static ulong HashOf(IndexDefinition definition, StoredFileReference rows) => new Key(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{definition.Field} {definition.Kind} {definition.Metric} {definition.M} {definition.EfConstruction} {rows.Length} {rows.Checksum}"))).Hash;
}
