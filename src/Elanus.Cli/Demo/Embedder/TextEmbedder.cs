using System.Runtime.InteropServices;

namespace Elanus.Cli;

/// <summary>
/// Turns text into 256 floats of length 1, so that texts that share words, forms of words or pairs of words lie near each other (by inner product).
/// Each word, pair of neighbours and run of 3 or 4 letters is hashed to a feature; a feature is weighted by how rare its word is
/// and falls on eight of the 256 dimensions with a random but fixed sign (feature hashing: Weinberger et al., "Feature Hashing for Large
/// Scale Multitask Learning", 2009; sparse random projection: Achlioptas, "Database-friendly random projections", 2003).
/// It is no language model: it knows no synonyms, no grammar and no meaning, and a question must use words of the text it is to find.
/// </summary>
internal static class TextEmbedder
{
    public const int Dimension = 256;

    private const int DimensionsPerFeature = 8;
    private const float FormShare = 0.4f;
    private const float LetterRunsShare = 0.25f;
    private const float PairShare = 0.35f;

    /// <summary>A member: its own name counts most, then what is said of it, then its type; namespaces little.</summary>
    public static float[] Embed(ApiMember member)
    {
        var vector = new float[Dimension];
        var parts = MemberName.Parts(member.Id);
        Add(vector, Words.Of(parts[^1]), 1.2f);
        Add(vector, Words.Of(member.Text), 0.8f);
        if (parts.Length > 1)
        {
            Add(vector, Words.Of(parts[^2]), member.Id[0] == 'T' ? 0.15f : 0.5f);
        }

        Add(vector, Words.Of(string.Join(' ', parts.SkipLast(2))), 0.1f);
        return Normalised(vector);
    }

    /// <summary>A question, or any text.</summary>
    public static float[] Embed(string text)
    {
        var vector = new float[Dimension];
        Add(vector, Words.Of(text), 1f);
        return Normalised(vector);
    }

    private static void Add(float[] vector, List<Word?> words, float weight)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] is not { } word)
            {
                continue;
            }

            // The second time a word says little more than the first.
            var times = CollectionsMarshal.GetValueRefOrAddDefault(seen, word.Stem, out _)++;
            var strength = weight * WordWeights.Of(word.Stem) / (1 + (2 * times));
            Feature(vector, word.Stem, 1, strength);
            Feature(vector, word.Form, 2, strength * FormShare);
            LetterRuns(vector, word.Form, strength * LetterRunsShare);
            if (i > 0 && words[i - 1] is { } before)
            {
                Feature(vector, $"{before.Stem} {word.Stem}", 3, PairShare * Math.Min(strength, weight * WordWeights.Of(before.Stem)));
            }
        }
    }

    private static void LetterRuns(float[] vector, string word, float strength)
    {
        var bounded = $"<{word}>";
        var runs = Math.Max(0, bounded.Length - 2) + Math.Max(0, bounded.Length - 3);
        var each = strength / MathF.Sqrt(Math.Max(1, runs));
        for (var length = 3; length <= 4; length++)
        {
            for (var at = 0; at + length <= bounded.Length; at++)
            {
                Feature(vector, bounded.AsSpan(at, length), 4, each);
            }
        }
    }

    private static void Feature(float[] vector, ReadOnlySpan<char> name, ulong kind, float weight)
    {
        var hash = 0xcbf29ce484222325UL ^ (kind * 0x9e3779b97f4a7c15UL);
        foreach (var letter in name)
        {
            hash = (hash ^ letter) * 0x100000001b3UL;
        }

        for (var i = 0; i < DimensionsPerFeature; i++)
        {
            hash = Mixed(hash + 0x9e3779b97f4a7c15UL);
            vector[(int)(hash >> 56)] += (hash & 1) == 0 ? weight : -weight;
        }
    }

    /// <summary>The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).</summary>
    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
        return z ^ (z >> 31);
    }

    /// <summary>Text without a word gives the first axis, since a vector of zeros has no direction.</summary>
    private static float[] Normalised(float[] vector)
    {
        var length = MathF.Sqrt(vector.Sum(x => x * x));
        if (length == 0)
        {
            vector[0] = 1;
            return vector;
        }

        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] /= length;
        }

        return vector;
    }
}
