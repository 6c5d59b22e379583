using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Elanus.Roles;

/// <summary>
/// What a step of a search iterator tells the next one beside its last score, in the token that names the iteration: the key of its last row, where rows of the same score are left.
/// Some clients send back the newest token (Node), others the first one for ever (Python). From the third step on it shows which; the first step's token comes to the second either way;
/// only what the second says may be lost.
/// </summary>
/// <param name="Name">Names the iteration.</param>
/// <param name="Steps">Steps answered before.</param>
/// <param name="Bound">The score that the last step ended with.</param>
/// <param name="LastKey">The key it ended with, where it left rows of that score.</param>
internal sealed record IterationToken(string Name, int Steps, float Bound, FieldValue? LastKey)
{
    private const char Between = '.';
    private const string NumberMark = "n";
    private const string TextMark = "t";

    /// <summary>Whether the next step will surely be given the token that this one answers with.</summary>
    public bool ComesBack => Steps == 0 || Steps >= 2;

    /// <summary>What stands in a token; an empty one begins an iteration, and one from elsewhere only names it.</summary>
    /// <param name="text">The client's.</param>
    /// <param name="keyType">The type of the collection's keys.</param>
    /// <param name="random">Names a new iteration.</param>
    public static IterationToken Read(string text, DataType keyType, IRandomSource random)
    {
        if (text.Length == 0)
        {
            return new($"{random.NextUInt64():x16}{random.NextUInt64():x16}", 0, 0, null);
        }

        return text.Split(Between) is [var name, var steps, var bits, var mark, var key]
            && int.TryParse(steps, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && uint.TryParse(bits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bound)
            && TryKey(mark, key, keyType, out var last)
            ? new(name, count, BitConverter.UInt32BitsToSingle(bound), last)
            : new(text, 1, float.NaN, null);
    }

    /// <summary>The key behind which a step goes on that begins at a score; null where no row of that score is left, or nobody knows.</summary>
    public FieldValue? KeyAt(float bound) => bound == Bound ? LastKey : null;

    /// <summary>The token of the next step.</summary>
    public IterationToken After(float bound, FieldValue? lastKey) => this with { Steps = Math.Min(Steps + 1, 2), Bound = bound, LastKey = lastKey };

    public override string ToString()
    {
        var (mark, key) = LastKey switch
        {
            null => ("", ""),
            { Type: DataType.VarChar } text => (TextMark, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text.Text!))),
            { } number => (NumberMark, number.Integer.ToString(CultureInfo.InvariantCulture)),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{Name}{Between}{Steps}{Between}{BitConverter.SingleToUInt32Bits(Bound):x8}{Between}{mark}{Between}{key}");
    }

    private static bool TryKey(string mark, string text, DataType type, out FieldValue? key)
    {
        key = null;
        switch (mark)
        {
            case "":
                return true;
            case NumberMark when type == DataType.Int64 && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                key = FieldValue.Of(number);
                return true;
            case TextMark when type == DataType.VarChar && Base64Url.IsValid(text):
                key = FieldValue.Of(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)));
                return true;
            default:
                return false;
        }
    }
}
