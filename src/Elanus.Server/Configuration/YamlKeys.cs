using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Elanus.Server;

/// <summary>The leaves of a YAML file: each key with the sections above it (joined by dots), its value and its line.</summary>
internal static class YamlKeys
{
    /// <summary>The leaves, or why the text is not a tree of keys. A value that is a list has a null text.</summary>
    public static IReadOnlyList<YamlKey> Read(string text, string fileName, List<string> errors)
    {
        var found = new List<YamlKey>();
        if (string.IsNullOrWhiteSpace(text))
        {
            // Nothing to read, and a script that asks for a node's health need not wait until the library is loaded.
            return found;
        }

        var documents = Load(text, fileName, errors);
        if (documents.Count > 1)
        {
            errors.Add($"{fileName}: more than one YAML document");
        }
        else if (documents.Count == 1 && !IsNull(documents[0].RootNode))
        {
            Collect(documents[0].RootNode, "", found, fileName, errors);
        }

        return found;
    }

    private static IList<YamlDocument> Load(string text, string fileName, List<string> errors)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            return yaml.Documents;
        }
        catch (YamlException fault)
        {
            errors.Add($"{fileName}:{fault.Start.Line}: not YAML: {fault.InnerException?.Message ?? fault.Message}");
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            // What YamlDotNet throws, without a line, where a malformed text leaves its scanner or its nodes no way on.
            errors.Add($"{fileName}: not YAML: {fault.Message}");
        }

        return [];
    }

    private static void Collect(YamlNode node, string path, List<YamlKey> found, string fileName, List<string> errors)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                foreach (var (name, value) in mapping.Children)
                {
                    if (name is not YamlScalarNode { Value: { Length: > 0 } word })
                    {
                        errors.Add($"{fileName}:{name.Start.Line}: a key that is not a word");
                        continue;
                    }

                    var key = path.Length == 0 ? word : $"{path}.{word}";
                    if (value is YamlMappingNode { Children.Count: > 0 })
                    {
                        Collect(value, key, found, fileName, errors);
                    }
                    else
                    {
                        found.Add(new(key, value is YamlScalarNode scalar ? scalar.Value ?? "" : null, IsNull(value), name.Start.Line));
                    }
                }

                break;
            default:
                errors.Add($"{fileName}:{node.Start.Line}: the file is not made of 'key: value' lines");
                break;
        }
    }

    /// <summary>Nothing behind the colon, or YAML's word for it; an empty text in quotes is a value.</summary>
    private static bool IsNull(YamlNode node) =>
        node is YamlMappingNode { Children.Count: 0 } or YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };
}

/// <summary>One leaf: <see cref="Text"/> is null where the value is a list.</summary>
internal sealed record YamlKey(string Key, string? Text, bool IsNull, long Line);
