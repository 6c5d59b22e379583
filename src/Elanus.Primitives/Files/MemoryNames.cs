namespace Elanus.Primitives;

/// <summary>
/// The names of a simulated file system: as they are now, as they were last synced, and the changes between. A crash keeps any subset of
/// the unsynced changes, in their order. Its owner locks around it.
/// </summary>
internal sealed class MemoryNames
{
    private readonly Dictionary<string, SectorFile> files = [];
    private readonly HashSet<string> directories = ["/"];
    private readonly Dictionary<string, SectorFile> syncedFiles = [];
    private readonly HashSet<string> syncedDirectories = ["/"];
    private readonly List<Change> pending = [];

    private enum ChangeKind
    {
        Add,
        Remove,
        Rename,
        AddDirectory,
        RemoveDirectory,
    }

    public SectorFile? Find(string path) => files.GetValueOrDefault(path);

    public bool HasDirectory(string path) => directories.Contains(path);

    public IEnumerable<SectorFile> Files() => files.Values.Distinct();

    public bool Add(string path, SectorFile file)
    {
        NeedsDirectory(path);
        if (directories.Contains(path) || !files.TryAdd(path, file))
        {
            return false;
        }

        file.References++;
        pending.Add(new(ChangeKind.Add, path, path, file));
        return true;
    }

    public SectorFile? Remove(string path)
    {
        if (files.Remove(path, out var file))
        {
            pending.Add(new(ChangeKind.Remove, path, path, file));
        }

        return file;
    }

    /// <summary>The file that lost its name to the renamed one, or null.</summary>
    public SectorFile? Rename(string from, string to)
    {
        NeedsDirectory(to);
        if (!files.Remove(from, out var file))
        {
            throw new IOException($"renaming {from} failed: there is no such file");
        }

        files.Remove(to, out var replaced);
        files[to] = file;
        pending.Add(new(ChangeKind.Rename, from, to, file));
        return replaced;
    }

    public void AddDirectory(string path)
    {
        if (directories.Contains(path))
        {
            return;
        }

        if (files.ContainsKey(path))
        {
            throw new IOException($"creating directory {path} failed: it is a file");
        }

        AddDirectory(Above(path));
        directories.Add(path);
        pending.Add(new(ChangeKind.AddDirectory, path, path, null));
    }

    public bool RemoveDirectory(string path)
    {
        if (List(path) is { Count: > 0 })
        {
            throw new IOException($"removing {path} failed: it is not empty");
        }

        if (!directories.Remove(path))
        {
            return false;
        }

        pending.Add(new(ChangeKind.RemoveDirectory, path, path, null));
        return true;
    }

    public IReadOnlyList<FileEntry>? List(string directory)
    {
        if (!directories.Contains(directory))
        {
            return null;
        }

        var entries = new List<FileEntry>();
        foreach (var (path, file) in files)
        {
            if (IsIn(path, directory))
            {
                entries.Add(new(Last(path), false, file.Length));
            }
        }

        foreach (var path in directories)
        {
            if (path != "/" && IsIn(path, directory))
            {
                entries.Add(new(Last(path), true, 0));
            }
        }

        entries.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return entries;
    }

    public void Sync(string directory)
    {
        pending.RemoveAll(change =>
        {
            if (!IsIn(change.To, directory))
            {
                return false;
            }

            Apply(change, syncedFiles, syncedDirectories);
            return true;
        });
    }

    public MemoryNames AfterCrash(CrashChoices choices)
    {
        var left = new MemoryNames();
        var kept = new Dictionary<string, SectorFile>(syncedFiles);
        left.directories.UnionWith(syncedDirectories);
        foreach (var change in pending)
        {
            if (choices.Name())
            {
                Apply(change, kept, left.directories);
            }
        }

        left.directories.RemoveWhere(path => !left.Reachable(path));
        var copies = new Dictionary<SectorFile, SectorFile>();
        foreach (var (path, file) in kept.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (left.directories.Contains(Above(path)))
            {
                if (!copies.TryGetValue(file, out var copy))
                {
                    copies[file] = copy = file.AfterCrash(choices);
                }

                copy.References++;
                left.files[path] = copy;
                left.syncedFiles[path] = copy;
            }
        }

        left.syncedDirectories.UnionWith(left.directories);
        return left;
    }

    private static void Apply(Change change, Dictionary<string, SectorFile> names, HashSet<string> folders)
    {
        switch (change.Kind)
        {
            case ChangeKind.Add:
                names[change.To] = change.File!;
                break;
            case ChangeKind.Remove:
                names.Remove(change.To);
                break;
            case ChangeKind.Rename:
                names.Remove(change.From);
                names[change.To] = change.File!;
                break;
            case ChangeKind.AddDirectory:
                folders.Add(change.To);
                break;
            case ChangeKind.RemoveDirectory:
                folders.Remove(change.To);
                break;
        }
    }

    private bool Reachable(string path)
    {
        while (path != "/")
        {
            path = Above(path);
            if (!directories.Contains(path))
            {
                return false;
            }
        }

        return true;
    }

    private void NeedsDirectory(string path)
    {
        if (!directories.GetAlternateLookup<ReadOnlySpan<char>>().Contains(Above(path.AsSpan())))
        {
            throw new IOException($"there is no directory for {path}");
        }
    }

    private static string Above(string path) => Above(path.AsSpan()).ToString();

    private static ReadOnlySpan<char> Above(ReadOnlySpan<char> path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    private static bool IsIn(string path, string directory) => Above(path.AsSpan()).SequenceEqual(directory);

    private static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];

    private readonly record struct Change(ChangeKind Kind, string From, string To, SectorFile? File);
}
