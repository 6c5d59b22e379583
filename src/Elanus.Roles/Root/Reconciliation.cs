using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>
/// Mends what stands in one place only, because a crash or a failure came between the two records of a definition's change: rows of collections and
/// partitions that no metadata names are dropped from the data channels; a schema that the data channels have already becomes the metadata's.
/// Runs with the root coordinator's gate held, and knows all that was appended before it.
/// </summary>
public sealed class Reconciliation(MetadataChannel metadata, DataState state, IDataChannels channels)
{
    /// <summary>The number of records that were needed.</summary>
    public async Task<Result<int>> Run(CancellationToken cancel)
    {
        var mended = 0;
        foreach (var data in state.Collections.ToList())
        {
            var root = metadata.Current.Root;
            if (!root.Collections.TryGetValue(data.Id, out var named))
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

            Invariant.Holds(data.Schema.Version >= named.Schema.Version, $"the data of collection {named.Name} never got its schema {named.Schema.Version}");
            if (data.Schema.Version > named.Schema.Version)
            {
                // Its version is taken: rows of it may stand in the channel, and no other schema can ever have it. So the change is completed. The name is
                // the metadata's alone.
                var whole = named with { Schema = data.Schema with { Name = named.Name } };
                if (!(await metadata.Append(new RootCommand.PutCollection(whole), cancel)).TryGet(out _, out var failure))
                {
                    return failure;
                }

                mended++;
            }
        }

        return mended;
    }
}
