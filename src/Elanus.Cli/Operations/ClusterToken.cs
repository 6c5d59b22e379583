using System.CommandLine;
using Elanus.Primitives;
using Elanus.Server;

namespace Elanus.Cli;

/// <summary>The cluster's token for commands that change something: from a member's data directory (<c>--data</c>), or from the configuration.</summary>
internal sealed class ClusterToken(IFileSystem files)
{
    private readonly Option<string?> data = new("--data") { HelpName = "DIR", Description = "A member's data directory, which holds the cluster's token; otherwise cluster.token of elanus.yaml or the environment." };

    public void AddTo(Command command) => command.Add(data);

    /// <summary>A failure says where it was looked for.</summary>
    public async Task<Result<string>> Read(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(data) is { } directory)
        {
            return await ClusterMembership.ReadToken(files, directory, cancel) is { } kept
                ? kept
                : Failure.Invalid($"{directory} holds no cluster's token: it is not the data directory of a member");
        }

        return !(await OperatorConfiguration.Read(files, cancel)).TryGet(out var configuration, out var failure) ? failure
            : configuration.Cluster.Token is { Length: > 0 } token ? token
            : Failure.Invalid("the cluster's token is needed: name a member's directory with --data DIR, or set cluster.token in elanus.yaml or CLUSTER_TOKEN in the environment");
    }
}
