using System.Globalization;
using System.Text;
using Elanus.Coordination;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>
/// Finds out that a data directory is a copy which another process has gone on from: it lacks what that one wrote, and as a member it must not go on. Every start
/// of a node has a number and a random claim; the last one stands in the directory and, changed by compare-and-set, in the arbiter. Where the arbiter has another
/// one than the directory, the directory is a copy, or was copied. Before that is known nothing is promised, acknowledged or claimed: a start waits for the arbiter, however long.
/// </summary>
internal sealed class NodeStarts(IArbiter arbiter, string cluster, DataDirectory directory, NodeSeams seams, Action<string>? tells)
{
    private const string FileName = "node.starts";

    /// <summary>How long one question may take; it is asked again then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>How often it is asked whether a process runs elsewhere as this node: one that has much to do may leave a question without an answer.</summary>
    private const int AskedElsewhere = 5;

    private static readonly TimeSpan AskElsewhereAgain = TimeSpan.FromMilliseconds(200);

    private string Role => $"{cluster}-starts-{directory.Node}";

    private SlottedFile Kept => new(seams.Files, directory.Path, FileName);

    /// <summary>Notes one more start. A failure says that another process has gone on as this node.</summary>
    /// <param name="address">Where others reach this process.</param>
    /// <param name="isRunningAt">Whether a process answers at an address as this node; it bounds its own time.</param>
    public async Task<Result<Unit>> Note(string address, Func<string, NodeId, CancellationToken, Task<bool>>? isRunningAt, CancellationToken cancel)
    {
        var (last, begun) = await Read(cancel);
        if (begun is null)
        {
            begun = new(last.Number + 1, new(seams.Random.NextUInt64(), seams.Random.NextUInt64()));
            if (!(await Write(last, begun.Value, cancel)).TryGet(out _, out var failure))
            {
                return failure;
            }
        }

        var told = false;
        while (true)
        {
            using var patience = new CancellationTokenSource(Patience, seams.Time);
            using var once = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
            if ((await arbiter.ReadAsync(Role, once.Token)).TryGet(out var stored, out var silence))
            {
                var there = stored?.Record.Epoch ?? Epoch.None;
                if (there == begun)
                {
                    return await Write(begun.Value, null, cancel);
                }

                if (await Refusal(stored, last, address, isRunningAt, cancel) is { } refusal)
                {
                    return refusal;
                }

                using var change = new CancellationTokenSource(Patience, seams.Time);
                using var its = CancellationTokenSource.CreateLinkedTokenSource(change.Token, cancel);
                await arbiter.ChangeAsync(
                    Role, stored?.Version ?? RecordVersion.None, new(begun.Value, directory.Node, [new(directory.Node, address)], Forced: false), new(seams.Random.NextUInt64(), seams.Random.NextUInt64()), its.Token);
            }
            else if (!told)
            {
                cancel.ThrowIfCancellationRequested();
                tells?.Invoke($"the arbiter {arbiter.Name} does not answer, and is asked until it does whether the data directory {directory.Path} is the only one of node {directory.Node}: {silence.Sentence}");
                told = true;
            }

            await Task.Delay(AskAgain, seams.Time, cancel);
        }
    }

    private async Task<Failure?> Refusal(StoredRecord? stored, Epoch last, string address, Func<string, NodeId, CancellationToken, Task<bool>>? isRunningAt, CancellationToken cancel)
    {
        // An arbiter that knows of fewer starts has lost its memory: that is for others to judge.
        if (stored is null || stored.Record.Epoch.Number < last.Number)
        {
            return null;
        }

        if (stored.Record.Epoch != last)
        {
            return Failure.Invalid(
                $"the data directory {directory.Path} is a copy, or was copied: node {directory.Node} was started {stored.Record.Epoch.Number} times, the last time at {AddressOf(stored)}, and this directory knows of "
                + $"{last.Number}. Only one directory can go on as that node, and it is not this one: empty it, and it joins as a new member; `elanus salvage` writes what it holds to a file first");
        }

        var before = AddressOf(stored);
        for (var asked = 0; before != address && isRunningAt is not null && asked < AskedElsewhere; asked++)
        {
            if (await isRunningAt(before, directory.Node, cancel))
            {
                return Failure.Invalid(
                    $"node {directory.Node} is running at {before}: the data directory {directory.Path} is a copy of its. Empty this one, and it joins as a new member; or stop that node first, to move it here");
            }

            await Task.Delay(AskElsewhereAgain, seams.Time, cancel);
        }

        return null;
    }

    /// <summary>The directory belongs to another node from here on, which was never started.</summary>
    internal static ValueTask<bool> Forget(IFileSystem files, string data, CancellationToken cancel) => files.DeleteAsync($"{data}/{FileName}", cancel);

    private static string AddressOf(StoredRecord start) => start.Record.InSync.FirstOrDefault()?.Address ?? "";

    /// <summary>The last start that is known to stand in the arbiter, and one that was begun since and may stand there.</summary>
    private async Task<(Epoch Last, Epoch? Begun)> Read(CancellationToken cancel)
    {
        var parts = (await Kept.Read(cancel) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (parts.Length > 0 ? Parse(parts[0]) : Epoch.None, parts.Length > 1 ? Parse(parts[1]) : null);
    }

    private Task<Result<Unit>> Write(Epoch last, Epoch? begun, CancellationToken cancel) =>
        Kept.Write(begun is { } next ? $"{Text(last)} {Text(next)}" : Text(last), cancel);

    private static string Text(Epoch start) => string.Create(CultureInfo.InvariantCulture, $"{start.Number}:{start.Claim.High:x16}{start.Claim.Low:x16}");

    private static Epoch Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return new(
            ulong.Parse(text[..colon], CultureInfo.InvariantCulture),
            new(ulong.Parse(text.AsSpan(colon + 1, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture), ulong.Parse(text.AsSpan(colon + 17, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
    }
}
