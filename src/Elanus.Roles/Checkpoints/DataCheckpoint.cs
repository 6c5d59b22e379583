using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>The rows' part of a checkpoint: a description, and marks and rows behind it.</summary>
public sealed class DataCheckpoint(DataState state) : ICheckpointed
{
    private const string DescriptionSection = "data";
    private const string RowsSection = "rows";

    public ICapturedState Capture() => new Captured(state.Capture());

    public async Task Restore(Checkpoint from, CancellationToken cancel)
    {
        try
        {
            await state.Restore(
                from.Name.Position, from.Name.Epoch, from.Timestamp, from.Bytes(DescriptionSection), offset => from.Bytes(RowsSection, offset), cancel);
        }
        catch (RecordCorruptException damaged)
        {
            throw new InvalidDataException($"the rows of the checkpoint {from.Name} cannot be read: {damaged.Message}", damaged);
        }
    }

    private sealed class Captured(DataCapture capture) : ICapturedState
    {
        public IReadOnlyList<CheckpointSection> Sections => [new(DescriptionSection, Description()), new(RowsSection, capture.Rows())];

        public long BytesMin => capture.RowBytes;

        public IReadOnlyList<string> Files => capture.Files;

        public void Dispose() => capture.Dispose();

        private IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Description()
        {
            yield return [capture.Describe()];
        }
    }
}
