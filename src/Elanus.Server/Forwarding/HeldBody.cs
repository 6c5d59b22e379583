using System.Buffers;
using System.IO.Pipelines;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>
/// A body that is held whole for a call, and its share of the bytes that may be held. How large it is shows while it is read, so the share grows with it. Where there is no room the
/// reading ends at once: who waited, with a share in hand, would wait for others that do the same. One task at a time.
/// </summary>
internal sealed class HeldBody : IDisposable
{
    private readonly SharedBudget? budget;
    private readonly List<IDisposable> shares = [];
    private byte[] bytes = [];
    private int length;

    private HeldBody(SharedBudget? budget) => this.budget = budget;

    public ReadOnlyMemory<byte> Bytes => bytes.AsMemory(0, length);

    /// <summary>
    /// Reads a body whole. Failures: <see cref="FailureCode.ParameterTooLarge"/>, and <see cref="FailureCode.TooManyRequests"/> where the budget has no room; nothing is held then.
    /// </summary>
    /// <param name="from">Where it comes from; what is read is taken from it, whatever the outcome.</param>
    /// <param name="announced">The length that its sender has named; a hint.</param>
    /// <param name="bytesMax">The largest that is taken.</param>
    /// <param name="budget">What its bytes are taken of; null where they are not counted.</param>
    /// <param name="cancel">Ends the reading; nothing is held then.</param>
    public static async Task<Result<HeldBody>> Read(PipeReader from, long? announced, long bytesMax, SharedBudget? budget, CancellationToken cancel)
    {
        var body = new HeldBody(budget);
        var isWhole = false;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(cancel);
                var failure = body.Add(read.Buffer, announced, Math.Min(bytesMax, Array.MaxLength));
                from.AdvanceTo(read.Buffer.End);
                if (failure is not null)
                {
                    return failure;
                }

                if (read.IsCompleted)
                {
                    isWhole = true;
                    return body;
                }
            }
        }
        finally
        {
            if (!isWhole)
            {
                body.Dispose();
            }
        }
    }

    /// <summary>The body from its beginning.</summary>
    public Stream Open() => new MemoryStream(bytes, 0, length, writable: false);

    /// <summary>Gives the share back, once.</summary>
    public void Dispose()
    {
        foreach (var share in shares)
        {
            share.Dispose();
        }
    }

    private Failure? Add(in ReadOnlySequence<byte> more, long? announced, long bytesMax)
    {
        var needed = length + more.Length;
        if (needed > bytesMax)
        {
            return new(FailureCode.ParameterTooLarge, $"the body of the call has more than {bytesMax} bytes");
        }

        if (needed > bytes.Length)
        {
            // The room that it has is what counts. It grows with what has come, not with what is announced: announcing costs nothing.
            var room = Math.Max(needed, Math.Min(2L * bytes.Length, announced is > 0 ? Math.Min(announced.Value, bytesMax) : bytesMax));
            if (budget is not null)
            {
                if (budget.TryTake(room - bytes.Length) is not { } share)
                {
                    return new(FailureCode.TooManyRequests, $"the calls that this node holds for clients take {budget.Taken} of {budget.Max} bytes, and there is no room for this one; try again");
                }

                shares.Add(share);
            }

            Array.Resize(ref bytes, (int)room);
        }

        more.CopyTo(bytes.AsSpan(length));
        length = (int)needed;
        return null;
    }
}
