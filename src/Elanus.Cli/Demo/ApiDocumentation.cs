using System.Text;
using System.Xml;
using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>The documentation of .NET's own API, which an SDK carries as XML beside its reference assemblies.</summary>
internal sealed class ApiDocumentation(IFileSystem files)
{
    private const int TextLengthMax = 1000;

    /// <summary>The folder of the dotnet that runs this program.</summary>
    public static string DotnetFolder => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));

    /// <summary>The files <c>packs/*/*/ref/*/*.xml</c> below a folder of dotnet, each with its length in bytes.</summary>
    public async Task<IReadOnlyList<FileEntry>> FindAsync(string dotnetFolder, CancellationToken cancel)
    {
        var found = new List<FileEntry>();
        foreach (var pack in await Folders($"{dotnetFolder}/packs", cancel))
        {
            foreach (var version in await Folders(pack, cancel))
            {
                foreach (var framework in await Folders($"{version}/ref", cancel))
                {
                    var entries = await files.ListAsync(framework, cancel) ?? [];
                    found.AddRange(entries.Where(e => !e.IsDirectory && e.Name.EndsWith(".xml", StringComparison.Ordinal)).Select(e => e with { Name = $"{framework}/{e.Name}" }));
                }
            }
        }

        return found;
    }

    /// <summary>The members of one file. A member may stand in several files, with the same id and text.</summary>
    public async Task<IReadOnlyList<ApiMember>> ReadAsync(FileEntry entry, CancellationToken cancel)
    {
        await using var file = await files.OpenAsync(entry.Name, FileIntent.Read, cancel);
        if (file is null)
        {
            return [];
        }

        var bytes = new byte[await file.LengthAsync(cancel)];
        var length = await file.ReadAsync(0, bytes, cancel);
        return Parse(new MemoryStream(bytes, 0, length));
    }

    public static IReadOnlyList<ApiMember> Parse(Stream xml)
    {
        var members = new List<ApiMember>();
        using var reader = XmlReader.Create(xml, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        while (reader.ReadToFollowing("member"))
        {
            if (reader.GetAttribute("name") is { Length: > 2 } id)
            {
                using var member = reader.ReadSubtree();
                members.Add(new(id, Summary(member)));
            }
        }

        return members;
    }

    private static string Summary(XmlReader member)
    {
        if (!member.ReadToDescendant("summary"))
        {
            return "";
        }

        var text = new StringBuilder();
        using var summary = member.ReadSubtree();
        while (summary.Read())
        {
            switch (summary.NodeType)
            {
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    text.Append(summary.Value);
                    break;
                case XmlNodeType.Element when summary.GetAttribute("cref") is { Length: > 2 } cref:
                    text.Append(MemberName.Last(cref));
                    break;
                case XmlNodeType.Element:
                    text.Append(summary.GetAttribute("name") ?? summary.GetAttribute("langword") ?? " ");
                    break;
            }
        }

        var words = string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= TextLengthMax ? words : words[..TextLengthMax];
    }

    private async Task<IEnumerable<string>> Folders(string path, CancellationToken cancel) =>
        (await files.ListAsync(path, cancel) ?? []).Where(e => e.IsDirectory).Select(e => $"{path}/{e.Name}");
}
