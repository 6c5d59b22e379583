using System.CommandLine;
using Elanus.Cli;
using Elanus.Primitives;
using Elanus.Server;

using var signals = new StopSignals(SupervisedLife.IsSupervised);
return await CommandEnd.Of(CommandLine.Create(new RealFileSystem()).Parse(args), new(), () => signals.First, signals.Stop);
