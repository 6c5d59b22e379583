using System.Globalization;
using System.Text;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>The decision that a directory's node gives up its id and what it holds: durable before the first step, gone after the last.</summary>
/// <param name="GivenUp">The node that has lost records.</param>
/// <param name="Next">The node that the directory belongs to from here on.</param>
/// <param name="Seen">The highest epoch seen: the next node refuses what is older, as this one did.</param>
internal sealed record RepairMark(NodeId GivenUp, NodeId Next, Epoch Seen)
{
    private const string FileName = "repair.begun";

    /// <summary>Null where nothing was decided; a mark that is not whole is a failure.</summary>
    public static async Task<Result<RepairMark?>> Read(IFileSystem files, string data, CancellationToken cancel)
    {
        if (await SmallFile.Read(files, $"{data}/{FileName}", cancel) is not { } text)
        {
            return Result<RepairMark?>.Ok(null);
        }

        var parts = text.Split(' ');
        return parts.Length == 6 && parts[5] == CheckOf(string.Join(' ', parts[..5]))
            ? new RepairMark(new(Hex(parts[0])), new(Hex(parts[1])), new(ulong.Parse(parts[2], CultureInfo.InvariantCulture), new(Hex(parts[3]), Hex(parts[4]))))
            : new Failure(FailureCode.Internal, $"{data}/{FileName} fails its check: a damaged member was being given up; keep {data} for `elanus salvage`, and start with an empty directory");
    }

    public Task<Result<Unit>> Write(IFileSystem files, string data, CancellationToken cancel)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{GivenUp.Value:x16} {Next.Value:x16} {Seen.Number} {Seen.Claim.High:x16} {Seen.Claim.Low:x16}");
        return SmallFile.Write(files, data, FileName, $"{text} {CheckOf(text)}", cancel);
    }

    public static ValueTask<bool> Remove(IFileSystem files, string data, CancellationToken cancel) => files.DeleteAsync($"{data}/{FileName}", cancel);

    private static ulong Hex(string digits) => ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string CheckOf(string text) => $"{Crc32C.Of(Encoding.UTF8.GetBytes(text)):x8}";
}
