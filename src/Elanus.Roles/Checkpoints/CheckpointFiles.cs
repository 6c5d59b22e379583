using Elanus.Storage;

namespace Elanus.Roles;

/// <summary>The checkpoints of one channel in a store of their own. One caller at a time.</summary>
public sealed class CheckpointFiles(ISegmentStore store, ChannelId channel)
{
    /// <summary>Names of all there are, newest first; files of other names are passed over.</summary>
    public async ValueTask<IReadOnlyList<CheckpointName>> ListAsync(CancellationToken cancel)
    {
        var names = new List<CheckpointName>();
        foreach (var entry in await store.ListAsync(cancel))
        {
            if (CheckpointName.TryParse(entry.Name, channel, out var name))
            {
                names.Add(name);
            }
        }

        return [.. names.OrderByDescending(name => name.Position.Number).ThenByDescending(name => name.Epoch.Number)];
    }

    /// <summary>Opens one and verifies every byte; a failure says what is wrong with it and where.</summary>
    public async ValueTask<Result<Checkpoint>> OpenAsync(CheckpointName name, IWorkScheduler work, CancellationToken cancel)
    {
        StoredFile? file;
        try
        {
            file = await store.OpenAsync(name.ToString(), cancel);
        }
        catch (StoredFileDamagedException damaged)
        {
            return new Failure(FailureCode.Internal, damaged.Message);
        }

        if (file is null)
        {
            return new Failure(FailureCode.Internal, $"the checkpoint {name} is gone");
        }

        var damage = await work.Run(WorkPriority.Foreground, stop => file.Verify(null, stop), cancel);
        var wrong = damage.Count > 0 ? damage[0].What : "";
        if (damage.Count == 0 && Checkpoint.Of(file, name, out wrong) is { } whole)
        {
            return whole;
        }

        file.Dispose();
        return new Failure(FailureCode.Internal, damage.Count > 0 ? damage[0].ToString() : $"{file.Path} is of no use: {wrong}");
    }

    /// <summary>Names of the files in the segment store that a checkpoint names; null where that list is damaged. Of the rest only the file's ends are looked at.</summary>
    public async ValueTask<IReadOnlyList<string>?> FilesOfAsync(CheckpointName name, CancellationToken cancel)
    {
        try
        {
            using var file = await store.OpenAsync(name.ToString(), cancel);
            return file?.Find(Checkpoint.FilesSection) is not { } section || file.VerifySection(section) is not null ? null : Checkpoint.FilesOf(file);
        }
        catch (StoredFileDamagedException)
        {
            return null;
        }
    }

    /// <summary>Writes one; it stands under its name when it is whole and durable. Answers its bytes; a full disk is a failure, and leaves nothing; where it is known before, nothing is written.</summary>
    public async ValueTask<Result<long>> WriteAsync(
        CheckpointName name, Timestamp timestamp, IReadOnlyList<ICapturedState> states, IWorkScheduler work, CancellationToken cancel)
    {
        var identity = new StoredFileIdentity(name.Epoch.Number, name.Position.Number);
        if (!(await store.CreateAsync(name.ToString(), StoredFileKind.Checkpoint, identity, states.Sum(state => state.BytesMin), cancel)).TryGet(out var writer, out var why))
        {
            return why;
        }

        await using (writer)
        {
            var head = CheckpointSection.Of(Checkpoint.HeadSection, CheckpointHead.Of(name, timestamp).Write());
            var named = CheckpointSection.Of(Checkpoint.FilesSection, KeptJson.WriteNames(states.SelectMany(state => state.Files)));
            foreach (var section in states.SelectMany(state => state.Sections).Prepend(named).Prepend(head))
            {
                if (!(await WriteAsync(writer, section, work, cancel)).TryGet(out _, out why))
                {
                    return why;
                }
            }

            return (await writer.PublishAsync(cancel)).TryGet(out var file, out why) ? file.Length : why;
        }
    }

    public ValueTask DeleteAsync(CheckpointName name, CancellationToken cancel) => store.DeleteAsync(name.ToString(), cancel);

    /// <summary>Keeps one from being deleted; null where it is gone.</summary>
    public ValueTask<IDisposable?> PinAsync(CheckpointName name, CancellationToken cancel) => store.PinAsync(name.ToString(), cancel);

    private static async ValueTask<Result<Unit>> WriteAsync(
        StoredFileWriter writer, CheckpointSection section, IWorkScheduler work, CancellationToken cancel)
    {
        var written = await writer.BeginSectionAsync(section.Name, cancel);
        using var parts = section.Parts.GetEnumerator();

        // Foreground: each part is a few milliseconds of copying, and must not stand behind an index build of minutes.
        while (written.Succeeded && await work.Run(WorkPriority.Foreground, _ => parts.MoveNext(), cancel))
        {
            foreach (var piece in parts.Current)
            {
                written = await writer.WriteAsync(piece, cancel);
                if (!written.Succeeded)
                {
                    return written;
                }
            }
        }

        return written;
    }
}
