using Exeunt.App;


return await Cli.Run(args);
