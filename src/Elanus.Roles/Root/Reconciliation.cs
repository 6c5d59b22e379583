using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>
/// Mends what a crash between the two records of a definition left behind: rows of collections and partitions that no metadata names are
/// dropped from the data channels, and a schema that the data channels know but the metadata does not is put back. Runs when the role becomes active, before it serves.
/// </summary>
public static class Reconciliation
{
    /// <summary>The number of records that were needed.</summary>
    public static async Task<Result<int>> Run(RootState root, DataState state, IDataChannels channels, CancellationToken cancel)
    {
        var mended = 0;
        foreach (var data in state.Collections.ToList())
        {
            var named = root.Collections.GetValueOrDefault(data.Id);
            if (named is null)
            {
                if (!(await channels.CollectionDropped(data.Id, cancel)).TryGet(out _, out var failure))
                {
                    return failure;
                }

                mended++;
                continue;
            }

            foreach (var orphan in data.Partitions.Except(named.Partitions.Select(p => p.Id)).ToList())
            {
                if (!(await channels.PartitionDropped(data.Id, orphan, cancel)).TryGet(out _, out var failure))
                {
                    return failure;
                }

                mended++;
            }

            if (data.Schema.Version != named.Schema.Version)
            {
                if (!(await channels.SchemaChanged(named, cancel)).TryGet(out _, out var failure))
                {
                    return failure;
                }

                mended++;
            }
        }

        return mended;
    }
}
