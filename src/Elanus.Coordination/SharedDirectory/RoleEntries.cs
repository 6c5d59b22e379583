using System.Globalization;

namespace Elanus.Coordination;

/// <summary>
/// The numbered entries of one role. Keeps that a number is won at most once, ever, although old entries are deleted: this folder's README says how, and
/// why that suffices. One caller at a time; throws <see cref="IOException"/> where the share fails, after which what was tried may have taken effect.
/// </summary>
internal sealed class RoleEntries(DirectoryFiles files, string folder, int kept, IRandomSource random, TimeProvider time)
{
    private const string Founded = "founded";
    private const string TemporaryPrefix = ".new-";
    private const int NumberDigits = 20;

    /// <summary>Each try again means that others moved on by as many entries as are kept, while this one read two.</summary>
    private const int ReadsMax = 16;

    /// <summary>Entries that follow nothing, one behind the other: each needs a process that was paused while the directory was emptied or its server failed.</summary>
    private const int PassedMax = 64;

    /// <summary>A temporary file that has been there for so long was left by a process that ended.</summary>
    private static readonly TimeSpan TemporaryLife = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, long> temporaries = [];
    private ChangeNonce durable;

    /// <summary>No number below it was there when it was set; 0 where that is not known.</summary>
    private long oldest;

    /// <summary>The newest entry that this one has read or made; others may be further.</summary>
    public NumberedEntry? LastSeen { get; private set; }

    /// <summary>The newest entry, made durable first where its content is to be believed; null where there is none.</summary>
    public async ValueTask<Result<NumberedEntry?>> HeadAsync(bool makeDurable)
    {
        List<long>? before = null;
        for (var tries = 0; tries < ReadsMax; tries++)
        {
            if (await files.ListAsync(folder) is not { } names)
            {
                return Result<NumberedEntry?>.Ok(LastSeen = null);
            }

            await RemoveLeftoversAsync(names);
            var numbers = names.Select(entry => Number(entry.Name)).Where(number => number > 0).ToList();
            oldest = numbers.Count > 0 ? numbers[0] : 0;
            var newest = await NewestOf(numbers);
            if (newest is null)
            {
                // Entries may have been deleted between the look and the reading; the same look twice is the truth.
                if (numbers.Count > 0 && (before is null || !before.SequenceEqual(numbers)))
                {
                    before = numbers;
                    continue;
                }

                LastSeen = null;
                return names.Any(entry => entry.Name == Founded)
                    ? new Failure(FailureCode.Unexpected, $"the entries in {folder} are gone: something removed them. Remove {Founded} there too if the role is to begin anew")
                    : Result<NumberedEntry?>.Ok(null);
            }

            if (makeDurable && newest.Nonce != durable)
            {
                await files.SyncAsync(folder);
                if (await ReadAsync(newest.Number) != newest)
                {
                    // Lost with the file server's power before the fsync, or overtaken.
                    continue;
                }

                durable = newest.Nonce;
            }

            return LastSeen = newest;
        }

        return new Failure(FailureCode.Unavailable, $"others change {folder} faster than it can be read");
    }

    /// <summary>
    /// Tries to take the number behind <paramref name="head"/>, with an entry made for it. Lost: another has it, and nothing happened. Unclear: it may have
    /// been taken long ago by others, or overtaken since.
    /// </summary>
    public async ValueTask<Taking> TakeAsync(NumberedEntry? head, Func<long, NumberedEntry> make)
    {
        if (head is null)
        {
            await files.MakeDirectoryAsync(folder);
            await files.SyncAsync(Path.GetDirectoryName(folder)!);
        }

        var number = (head?.Number ?? 0) + 1;
        for (var passed = 0; passed < PassedMax; passed++)
        {
            var entry = make(number);
            var temporary = await WriteTemporaryAsync(entry);
            try
            {
                if (await files.LinkAsync(temporary, PathOf(number)))
                {
                    return await WonAsync(head, entry, temporary);
                }

                // A network file system may answer "exists" to a link of its own that it sent twice.
                var there = await ReadAsync(number);
                if (there == entry)
                {
                    return await WonAsync(head, entry, temporary);
                }

                if (there is null || head is null || there.IsBehind(head))
                {
                    return Taking.Lost;
                }

                // It follows nothing that is in force: made by a late process, and passed over by all once it is durable.
                await files.SyncAsync(folder);
                if (await ReadAsync(number) != there)
                {
                    return Taking.Lost;
                }
            }
            finally
            {
                await files.DeleteAsync(temporary);
            }

            number++;
        }

        return Taking.Lost;
    }

    /// <summary>Writes a file beside the entries, of another kind, under a name that is free: false where it was not.</summary>
    public async ValueTask<bool> TryPublishAsync(string name, byte[] bytes)
    {
        await files.MakeDirectoryAsync(folder);
        await files.SyncAsync(Path.GetDirectoryName(folder)!);
        var temporary = Temporary();
        await files.WriteAsync(temporary, bytes, durable: true);
        try
        {
            return await files.LinkAsync(temporary, Path.Combine(folder, name));
        }
        finally
        {
            await files.DeleteAsync(temporary);
            await files.SyncAsync(folder);
        }
    }

    /// <summary>Writes or replaces a file beside the entries that need not survive.</summary>
    public async ValueTask ReplaceAsync(string name, byte[] bytes)
    {
        await files.MakeDirectoryAsync(folder);
        var temporary = Temporary();
        await files.WriteAsync(temporary, bytes, durable: false);
        await files.ReplaceAsync(temporary, Path.Combine(folder, name));
    }

    private static long Number(string name) =>
        name.Length == NumberDigits && long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The highest entry that follows one which is there, or is the first; null where none was found.</summary>
    private async ValueTask<NumberedEntry?> NewestOf(List<long> numbers)
    {
        for (var i = numbers.Count - 1; i >= 0; i--)
        {
            if (await ReadAsync(numbers[i]) is { } entry && (entry.Number == 1 || (entry.FollowsNumber > 0 && (await ReadAsync(entry.FollowsNumber))?.Nonce == entry.Follows)))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>The name was free. Whether it had never been used before is what remains to be seen.</summary>
    private async ValueTask<Taking> WonAsync(NumberedEntry? head, NumberedEntry entry, string temporary)
    {
        await files.SyncAsync(folder);
        // Its own entry too, and before it may become the foundation: a file server that lost its power after the link answers the fsync all the same.
        if (await ReadAsync(entry.Number) != entry || !(head is null ? await IsFoundationAsync(temporary, entry) : await ReadAsync(head.Number) == head))
        {
            return Taking.Unclear;
        }

        LastSeen = entry;
        durable = entry.Nonce;
        await RemoveOldestAsync(entry.Number);
        return Taking.Won;
    }

    private async ValueTask<NumberedEntry?> ReadAsync(long number)
    {
        var path = PathOf(number);
        return await files.ReadAsync(path) is { } text ? Understood(NumberedEntry.Parse(text, path)) : null;
    }

    private async ValueTask<bool> IsFoundationAsync(string temporary, NumberedEntry entry)
    {
        var path = Path.Combine(folder, Founded);
        var made = await files.LinkAsync(temporary, path);
        await files.SyncAsync(folder);
        return made || (await files.ReadAsync(path) is { } text && Understood(NumberedEntry.Parse(text, path)) == entry);
    }

    private async ValueTask RemoveOldestAsync(long newest)
    {
        // The fsync of the number just taken lies between the look that set the oldest and its deletion; a second deletion needs an fsync of its own.
        for (var removed = 0; removed < 2 && oldest > 0 && oldest <= newest - kept; removed++)
        {
            if (await files.ExistsAsync(PathOf(oldest - 1)))
            {
                // Back after a loss of power.
                oldest = 0;
                break;
            }

            if (oldest == 1)
            {
                await files.LinkAsync(PathOf(1), Path.Combine(folder, Founded));
                await files.SyncAsync(folder);
            }
            else if (removed > 0)
            {
                await files.SyncAsync(folder);
            }

            oldest = await files.DeleteAsync(PathOf(oldest)) ? oldest + 1 : 0;
        }

        if (oldest == 0 && await files.ListAsync(folder) is { } names)
        {
            oldest = names.Select(entry => Number(entry.Name)).FirstOrDefault(number => number > 0);
        }
    }

    private async ValueTask<string> WriteTemporaryAsync(NumberedEntry entry)
    {
        var path = Temporary();
        await files.WriteAsync(path, entry.ToText(), durable: true);
        return path;
    }

    private async ValueTask RemoveLeftoversAsync(IReadOnlyList<FileEntry> names)
    {
        var now = time.GetTimestamp();
        var there = names.Where(entry => entry.Name.StartsWith(TemporaryPrefix, StringComparison.Ordinal)).Select(entry => entry.Name).ToHashSet();
        foreach (var gone in temporaries.Keys.Where(name => !there.Contains(name)).ToList())
        {
            temporaries.Remove(gone);
        }

        foreach (var name in there)
        {
            if (temporaries.TryAdd(name, now))
            {
                continue;
            }

            if (time.GetElapsedTime(temporaries[name], now) > TemporaryLife)
            {
                await files.DeleteAsync(Path.Combine(folder, name));
            }
        }
    }

    private static NumberedEntry Understood(Result<NumberedEntry> parsed) => parsed.TryGet(out var entry, out var why) ? entry : throw new IOException(why.Sentence);

    private string Temporary() => Path.Combine(folder, $"{TemporaryPrefix}{random.NextUInt64():x16}");

    private string PathOf(long number) => Path.Combine(folder, number.ToString($"D{NumberDigits}", CultureInfo.InvariantCulture));
}
