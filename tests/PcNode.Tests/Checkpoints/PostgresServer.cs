using System.Diagnostics;
using Npgsql;

namespace PcNode.Tests.Checkpoints;

/// <summary>A server of PostgreSQL for these tests alone, on a socket of its own.</summary>
public sealed class PostgresServer : IDisposable
{
    private const string Password = "s3cret'\"\\";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pcnode-pg-");

    /// <summary>Sets a server up and starts it, where PostgreSQL is installed.</summary>
    public PostgresServer()
    {
        if (!IsInstalled) return;
        var passwords = Path.Combine(_folder.FullName, "password");
        File.WriteAllText(passwords, Password);
        // It does not run as root.
        if (Environment.IsPrivilegedProcess) Run("chown", "-R", "postgres", _folder.FullName);
        RunAsServer("initdb", "-D", Data, "-U", "pcnode", "-A", "scram-sha-256", $"--pwfile={passwords}", "--no-sync");
        Start();
    }

    /// <summary>Where its programs are; null when it is not installed.</summary>
    private static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin"))
            .Where(d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    public static bool IsInstalled => Programs is not null;

    /// <summary>How it is reached.</summary>
    public string ConnectionString => StringOf(Password);

    private string Data => Path.Combine(_folder.FullName, "data");

    public static void RequireInstalled() =>
        Skip.IfNot(IsInstalled, "PostgreSQL is not installed (Debian's package postgresql)");

    /// <summary>How it would be reached with another password.</summary>
    public string StringOf(string password) => new NpgsqlConnectionStringBuilder
    {
        Host = _folder.FullName,
        Database = "postgres",
        Username = "pcnode",
        Password = password,
        Timeout = 10,
    }.ToString();

    public void Start() =>
        RunAsServer("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder.FullName, "log"), "-o",
            $"-k {_folder.FullName} -c listen_addresses= -F", "start");

    public void Stop()
    {
        // What is asked of it later goes over other connections.
        NpgsqlConnection.ClearAllPools();
        RunAsServer("pg_ctl", "-D", Data, "-w", "-m", "fast", "stop");
    }

    /// <summary>A number that a query gives.</summary>
    public long Ask(string query)
    {
        using var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(query, connection);
        return Convert.ToInt64(command.ExecuteScalar());
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        if (IsInstalled && File.Exists(Path.Combine(Data, "postmaster.pid")))
            RunAsServer("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");
        _folder.Delete(recursive: true);
    }

    private static void RunAsServer(string program, params string[] args)
    {
        var path = Path.Combine(Programs!, program);
        if (Environment.IsPrivilegedProcess) Run("runuser", ["-u", "postgres", "--", path, .. args]);
        else Run(path, args);
    }

    private static void Run(string program, params string[] args)
    {
        // What the server says goes to its log; it would keep a pipe open for as long as it lives.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        foreach (var arg in (string[])["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. args])
            start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', args)} ended with {process.ExitCode}");
    }
}
