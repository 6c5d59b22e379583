using System.CommandLine;
using System.CommandLine.Help;
using Elanus.Primitives;

namespace Elanus.Cli;

/// <summary>The program's commands.</summary>
internal static class CommandLine
{
    public static Command Create(IFileSystem files) => new("elanus", "Elanus: a vector database that speaks the Milvus 2.x protocol and stays up.")
    {
        new HelpOption(),
        new VersionOption(),
        RunCommand.Create(files),
        ConfigCommand.Create(files),
        StatusCommand.Create(files),
        HealthCommand.Create(files),
        SwitchoverCommand.Create(files),
        PromoteCommand.Create(files),
        MemberCommand.Create(files),
        VerifyCommand.Create(files),
        SalvageCommand.Create(files),
        BackupCommand.Create(files),
        RestoreCommand.Create(files),
        new Command("demo", "Shows Elanus at work.") { DocsCommand.Create(files), FailoverCommand.Create() },
        BenchCommand.Create(),
        SimulateCommand.Create(),
        ChaosCommand.Create(),
    };
}
