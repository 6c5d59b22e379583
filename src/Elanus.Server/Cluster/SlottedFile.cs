using System.Globalization;
using System.Text;
using Elanus.Primitives;

namespace Elanus.Server;

/// <summary>
/// A few words in a file of the data directory, replaced durably and in place, so that a full disk does not stand in the way. Two slots are written in turn, each with a number and a
/// checksum: a torn write leaves the words before it (docs/formats.md, Starts). A file that <see cref="SmallFile"/> wrote is read too, and gets slots with its next words.
/// </summary>
internal sealed class SlottedFile(IFileSystem files, string directory, string name)
{
    private const int SlotBytes = 512;
    private const int Slots = 2;

    private string Path => $"{directory}/{name}";

    /// <summary>Null where there are none.</summary>
    public async Task<string?> Read(CancellationToken cancel) => await SmallFile.Read(files, Path, cancel) is { } text ? Newest(text)?.Words ?? WithoutSlots(text) : null;

    /// <summary>Words of one line, of at most 480 ASCII characters.</summary>
    public async Task<Result<Unit>> Write(string words, CancellationToken cancel)
    {
        var text = await SmallFile.Read(files, Path, cancel);
        var newest = text is null ? null : Newest(text);
        if (newest is not { } last || await files.OpenAsync(Path, FileIntent.ReadWrite, cancel) is not { } file)
        {
            return await SmallFile.Write(files, directory, name, Slot(1, words) + Slot(0, ""), cancel);
        }

        await using (file)
        {
            var number = last.Number + 1;
            return await file.WriteDurablyAsync((number - 1) % Slots * SlotBytes, [Encoding.ASCII.GetBytes(Slot(number, words))], cancel);
        }
    }

    private static string Slot(long number, string words)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{number} {words}");
        var slot = $"{Check(line)} {line}\n".PadRight(SlotBytes);
        Invariant.Holds(slot.Length == SlotBytes && Ascii.IsValid(slot), $"no words for a slot: {words}");
        return slot;
    }

    private static (long Number, string Words)? Newest(string text)
    {
        (long Number, string Words)? newest = null;
        for (var at = 0; at + SlotBytes <= text.Length; at += SlotBytes)
        {
            if (text.Substring(at, SlotBytes).Split('\n') is [var stored, _]
                && stored.Split(' ', 3) is [var check, var number, var words]
                && check == Check($"{number} {words}")
                && long.Parse(number, CultureInfo.InvariantCulture) is var counted
                && counted > (newest?.Number ?? 0))
            {
                newest = (counted, words);
            }
        }

        return newest;
    }

    private static string? WithoutSlots(string text) => text.Length < SlotBytes ? text : null;

    private static string Check(string line) => Crc32C.Of(Encoding.ASCII.GetBytes(line)).ToString("x8", CultureInfo.InvariantCulture);
}
