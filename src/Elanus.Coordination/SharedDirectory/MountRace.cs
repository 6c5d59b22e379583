using System.Text;

namespace Elanus.Coordination;

/// <summary>
/// The proof that two nodes' mounts are one share whose <c>link(2)</c> has one winner: both enter the same race (a name that was never used before) through
/// their own mounts, tell each other what they saw, and both judge. A mount where both win, or where one does not see the other's file, is refused.
/// </summary>
public sealed class MountRace(IFileSystem files, string root, IRandomSource random)
{
    private readonly DirectoryFiles files = new(files);

    /// <summary>Links this node's name to the race's; the answer is for both judges. The failure names what the mount cannot do.</summary>
    public async ValueTask<Result<MountRaceEntry>> EnterAsync(string race, NodeId self)
    {
        var name = Path.Combine(root, $"race-{Uri.EscapeDataString(race)}");
        var temporary = Path.Combine(root, $".race-{random.NextUInt64():x16}");
        try
        {
            await files.WriteAsync(temporary, Encoding.ASCII.GetBytes(self.ToString()), durable: true);
            var won = await files.LinkAsync(temporary, name);
            await files.DeleteAsync(temporary);
            await files.SyncAsync(root);
            var seen = await files.ReadAsync(name) is { } winner ? Encoding.ASCII.GetString(winner) : "";

            // A client of NFS may send a link twice, and is told of its own name that it is taken.
            return new MountRaceEntry(self, won || seen == self.ToString(), seen);
        }
        catch (IOException why)
        {
            return new Failure(FailureCode.Unavailable, $"the shared directory {root} cannot be used: {why.Message}");
        }
    }

    /// <summary>What is wrong with the two mounts; null where nothing is.</summary>
    public Failure? Judge(MountRaceEntry one, MountRaceEntry other)
    {
        var winner = one.Won ? one.Node : other.Node;
        var wrong = one.Won && other.Won ? "both made the same name, so they do not see each other's files, or the file system's link is not atomic between hosts"
            : !one.Won && !other.Won ? "neither made a name that was free"
            : one.Seen != winner.ToString() || other.Seen != winner.ToString() ? "they read different content under one name"
            : null;
        return wrong is null ? null : Failure.Invalid($"the mounts of {root} on nodes {one.Node} and {other.Node} are not one shared directory: {wrong}");
    }

    /// <summary>Removes the race's name, once both have judged; where the share fails just then it stays.</summary>
    public async ValueTask LeaveAsync(string race)
    {
        try
        {
            await files.DeleteAsync(Path.Combine(root, $"race-{Uri.EscapeDataString(race)}"));
        }
        catch (IOException)
        {
            // An empty name too many does no harm.
        }
    }
}
