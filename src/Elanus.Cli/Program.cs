using System.CommandLine;
using Elanus.Cli;
using Elanus.Primitives;

// Signals are the running command's own affair: a server drains longer than the library's two seconds.
return await CommandLine.Create(new RealFileSystem()).Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
