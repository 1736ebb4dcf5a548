using Exeunt.App.Data;

namespace Exeunt.App;

/// <summary>The command line: <c>exeunt COMMAND [options]</c>.</summary>
public static class Cli
{
    public static async Task<int> Run(string[] args)
    {
        try
        {
            var options = HostOptions.For("./var");
            var app = await ExeuntHost.Build(options, TimeProvider.System, CancellationToken.None);
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is LockedException or NewerDatabaseException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
