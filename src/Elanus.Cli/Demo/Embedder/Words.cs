using System.Buffers;

namespace Elanus.Cli;

/// <summary>Cuts text into lower-case words and their stems: identifiers at their capitals, endings by a few rules, words that say nothing left out.</summary>
internal static class Words
{
    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal)
    {
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "do", "does", "for", "from", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its",
        "me", "my", "not", "of", "on", "or", "should", "so", "some", "that", "the", "their", "them", "then", "there", "these", "this", "those", "to", "was", "we", "what",
        "when", "where", "whether", "which", "will", "with", "you", "your", "want", "specified", "given",
    };

    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouy");

    /// <summary>The words in their order, repeats included; null for each word left out, so that those beside it are no neighbours.</summary>
    public static List<Word?> Of(ReadOnlySpan<char> text)
    {
        var words = new List<Word?>();
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[i]))
            {
                i++;
                continue;
            }

            var end = i + 1;
            while (end < text.Length && char.IsLetterOrDigit(text[end]) && !StartsWord(text, end))
            {
                end++;
            }

            var word = text[i..end].ToString().ToLowerInvariant();
            var says = word.Length > 1 && !Silent.Contains(word);
            words.Add(says ? new Word(Stem(word), word) : null);

            i = end;
        }

        return words;
    }

    /// <summary>A capital behind a small letter (readFile) or before one and behind a capital (XMLFile) begins a word.</summary>
    private static bool StartsWord(ReadOnlySpan<char> text, int at) =>
        char.IsUpper(text[at]) && (!char.IsUpper(text[at - 1]) || (at + 1 < text.Length && char.IsLower(text[at + 1])));

    /// <summary>Takes off plural, participle and adverb endings, and a doubled consonant or silent e left behind, so that forms of one word meet.</summary>
    private static string Stem(string word)
    {
        var stem = word;
        if (stem.Length > 4 && stem.EndsWith("ies", StringComparison.Ordinal))
        {
            stem = stem[..^3] + "y";
        }
        else if (stem.Length > 4 && (stem.EndsWith("sses", StringComparison.Ordinal) || stem.EndsWith("shes", StringComparison.Ordinal) || stem.EndsWith("ches", StringComparison.Ordinal) || stem.EndsWith("xes", StringComparison.Ordinal)))
        {
            stem = stem[..^2];
        }
        else if (stem.Length > 3 && stem[^1] == 's' && stem[^2] is not ('s' or 'u' or 'i'))
        {
            stem = stem[..^1];
        }

        foreach (var ending in (ReadOnlySpan<string>)["ing", "ed", "ly"])
        {
            if (stem.Length >= ending.Length + 3 && stem.EndsWith(ending, StringComparison.Ordinal) && stem.AsSpan(0, stem.Length - ending.Length).ContainsAny(Vowels))
            {
                stem = stem[..^ending.Length];
                if (stem[^1] == stem[^2] && stem[^1] is not ('s' or 'l' or 'z'))
                {
                    stem = stem[..^1];
                }

                break;
            }
        }

        return stem.Length > 3 && stem[^1] == 'e' ? stem[..^1] : stem;
    }
}
