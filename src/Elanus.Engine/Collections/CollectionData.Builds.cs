using Elanus.Primitives;

namespace Elanus.Engine;

// What is built behind the applier for sealed segments: first their rows are packed, then their indexes. One piece at a time for a
// segment; each is installed under the lock if the segment still stands, and thrown away if not.
public sealed partial class CollectionData
{
    /// <summary>Starts the next piece of work for a sealed segment, if there is one and none runs.</summary>
    private void Advance(Segment segment)
    {
        RowStore source;
        CancellationTokenSource stop;
        lock (gate)
        {
            if (segment.Builds.Running is not null || segment.IsGone || !segment.IsSealed
                || segment.Store is PackedRows || segment.Builds.PackFault is not null)
            {
                return;
            }

            source = segment.Store;
            source.Hold();
            segment.Builds.Running = stop = new();
        }

        background.Own(Pack(segment, source, stop.Token));
    }

    private async Task Pack(Segment segment, RowStore source, CancellationToken cancel)
    {
        PackedRows? packed = null;
        string? fault = null;
        try
        {
            packed = await background.Run(stop => PackedRows.From(source, source.Rows, stop), cancel);
        }
        catch (OperationCanceledException)
        {
            // The segment is gone; what is left is to say that nothing runs.
        }
        catch (OutOfMemoryException full)
        {
            fault = full.Message;
        }
        finally
        {
            source.Release();
        }

        Change(() =>
        {
            segment.Builds.Running = null;
            segment.Builds.PackFault = fault;
            if (packed is not null && !segment.IsGone)
            {
                segment.Replace(packed);
                packed = null;
            }
        });
        packed?.Release();
        Advance(segment);
    }
}
