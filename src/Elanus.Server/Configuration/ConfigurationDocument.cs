using System.Text;

namespace Elanus.Server;

/// <summary>docs/configuration.md, from the table of settings.</summary>
public static class ConfigurationDocument
{
    public static string Markdown()
    {
        var text = new StringBuilder("""
            # Configuration

            This page is made from the table of settings in `src/Elanus.Server/Configuration/Settings.cs`
            (`./elanus config --markdown > docs/configuration.md`); a test compares the two.

            A value comes from a flag, else from an environment variable, else from the file, else from the default. The file is the one that
            `--config` names, else `./elanus.yaml` where it exists: YAML whose sections are the parts of the keys below, as in
            Milvus's `milvus.yaml`, whose names are kept where a key means the same. Names are compared in lower case without `/`, `_` and `.`,
            so `PROXY_PORT` in the environment is `proxy.port`.

            Everything that is wrong is reported at once, with the file's line and the key. A key in one of Milvus's sections that
            Elanus does not use is named in a warning; any other unknown key or flag is refused with the nearest known one. An unknown
            environment variable is no error. `./elanus config` shows the values that hold and where each comes from.

            | key | flag | default | values | what it is |
            | --- | --- | --- | --- | --- |

            """);
        foreach (var setting in Settings.All)
        {
            var flag = setting.Flag is null ? "" : $"`{setting.Flag} {setting.FlagValue}`";
            var value = setting.Default.Length == 0 ? "" : $"`{setting.Default}`";
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{setting.Key}` | {flag} | {value} | {setting.Allowed} | {setting.Description} |\n");
        }

        return text.ToString();
    }
}
