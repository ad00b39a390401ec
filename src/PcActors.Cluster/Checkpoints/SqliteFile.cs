using Microsoft.Data.Sqlite;

namespace PcActors.Cluster.Checkpoints;

/// <summary>What is done to a file of SQLite besides reading and writing records.</summary>
internal static class SqliteFile
{
    /// <summary>What is wrong with a file, a sentence; null when nothing is.</summary>
    public static string? FlawOf(string path)
    {
        try
        {
            var verdict = Run(path, "PRAGMA quick_check(1)");
            return verdict == "ok" ? null : $"the file '{path}' is damaged: {verdict}";
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 11 or 26)
        {
            // SQLITE_CORRUPT, SQLITE_NOTADB.
            return $"the file '{path}' is damaged: {e.Message}";
        }
    }

    /// <summary>Sets a file up, after making it if need be: readers and a writer do not wait for each other.</summary>
    public static void Prepare(string path) => Run(path, "PRAGMA journal_mode = WAL");

    /// <summary>Makes room for a new file, and keeps what was there.</summary>
    public static void PutAside(string path)
    {
        File.Move(path, path + ".damaged", overwrite: true);
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }

    private static string? Run(string path, string statement)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        return command.ExecuteScalar()?.ToString();
    }
}
