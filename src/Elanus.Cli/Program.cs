using System.CommandLine;

var root = new RootCommand("Elanus: a vector database that speaks the Milvus 2.x protocol.");
return await root.Parse(args).InvokeAsync();
