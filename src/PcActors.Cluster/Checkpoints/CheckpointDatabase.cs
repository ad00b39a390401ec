using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using PcActors.Checkpoints;

namespace PcActors.Cluster.Checkpoints;

/// <summary>Checkpoints in a database of PostgreSQL, for a run that no directory reaches: the same files, cut into rows
/// of one table, with one transaction for each checkpoint.</summary>
/// <remarks>A run has one owner: the store that <see cref="RequireWritableAsync"/> was last asked of, or that first
/// saved. A process that hung or was cut off while another one went on with its run saves nothing more, and
/// removes nothing of the other's.</remarks>
public sealed class CheckpointDatabase : CheckpointStore
{
    // Any number, as long as all processes have the same.
    private const long SetUpLock = 0x5063_4163_746f_7273;

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly string _run;
    private readonly Guid _owner = Guid.NewGuid();
    private bool _isOwner;

    private CheckpointDatabase(NpgsqlConnectionStringBuilder connection, string run) =>
        (_connection, _run) = (connection, run);

    /// <inheritdoc/>
    public override string Name => string.Create(
        CultureInfo.InvariantCulture,
        $"the database '{_connection.Database}' at {_connection.Host}:{_connection.Port}");

    /// <summary>Opens a run's checkpoints, and makes the table if it is not there.</summary>
    /// <param name="connectionString">How the database is reached, in Npgsql's form. It stays here: no message and no
    /// exception has it.</param>
    /// <param name="run">The run's name.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="CheckpointException">There is no such database, or it does not answer; or the run's name is
    /// none.</exception>
    public static async Task<CheckpointDatabase> OpenAsync(
        string connectionString, string run, CancellationToken cancellation = default)
    {
        if (run.Length is 0 or > 60 || !run.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            throw new CheckpointException(
                $"'{run}' is no name of a run: letters, digits, '.', '-' and '_' make one, 60 at most");
        var store = new CheckpointDatabase(Parse(connectionString), run);
        try
        {
            // Two processes that make the same table at once get in each other's way.
            await store.DoAsync(
                async (connection, ct) =>
                {
                    await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock($1)", ct, SetUpLock)
                        .ConfigureAwait(false);
                    await ExecuteAsync(
                        connection,
                        """
                        CREATE TABLE IF NOT EXISTS pcactors_checkpoint (
                          run text, step bigint, part integer, content bytea NOT NULL, PRIMARY KEY (run, step, part))
                        """,
                        ct).ConfigureAwait(false);
                    await ExecuteAsync(
                        connection,
                        """
                        CREATE TABLE IF NOT EXISTS pcactors_checkpoint_owner (
                          run text PRIMARY KEY, owner uuid NOT NULL)
                        """,
                        ct).ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false);
            return store;
        }
        catch (Exception e) when (store.Reason(e) is { } reason)
        {
            throw new CheckpointException($"{store.Name} cannot be reached: {reason}", e);
        }
    }

    /// <inheritdoc/>
    public override async Task RequireWritableAsync(CancellationToken cancellation = default)
    {
        try
        {
            await DoAsync(OwnAsync, cancellation).ConfigureAwait(false);
            _isOwner = true;
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw new CheckpointException($"checkpoints cannot be saved in {Name}: {reason}", e);
        }
    }

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<long>> StepsAsync(CancellationToken cancellation)
    {
        var steps = new List<long>();
        const string query = "SELECT DISTINCT step FROM pcactors_checkpoint WHERE run = $1";
        await QueryAsync(query, row => steps.Add(row.GetInt64(0)), cancellation, _run).ConfigureAwait(false);
        return steps;
    }

    /// <inheritdoc/>
    protected override async Task<Stream?> OpenAsync(long step, CancellationToken cancellation)
    {
        var parts = new List<byte[]>();
        const string query = "SELECT content FROM pcactors_checkpoint WHERE run = $1 AND step = $2 ORDER BY part";
        await QueryAsync(query, row => parts.Add((byte[])row[0]), cancellation, _run, step).ConfigureAwait(false);
        return parts.Count == 0 ? null : new PartStream(parts);
    }

    /// <inheritdoc/>
    protected override async Task PutAsync(
        long step, Action<Stream> write, IReadOnlySet<long> kept, CancellationToken cancellation)
    {
        const string delete = "DELETE FROM pcactors_checkpoint WHERE run = $1 AND (step = $2 OR step <> ALL ($3))";
        const string insert = "INSERT INTO pcactors_checkpoint VALUES ($1, $2, $3, $4)";
        using var file = new PartStream([]);
        await Task.Run(() => write(file), cancellation).ConfigureAwait(false);
        await DoAsync(
            async (connection, ct) =>
            {
                await OwnAsync(connection, ct).ConfigureAwait(false);
                await ExecuteAsync(connection, delete, ct, _run, step, kept.ToArray()).ConfigureAwait(false);
                for (var part = 0; part < file.Parts.Count; part++)
                    await ExecuteAsync(connection, insert, ct, _run, step, part, file.Parts[part])
                        .ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        _isOwner = true;
    }

    /// <summary>Makes this store the run's owner; a store that was it before must be it still.</summary>
    private async Task OwnAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        const string own =
            """
            INSERT INTO pcactors_checkpoint_owner AS known VALUES ($1, $2)
            ON CONFLICT (run) DO UPDATE SET owner = excluded.owner WHERE known.owner = excluded.owner OR NOT $3
            """;
        if (await ExecuteAsync(connection, own, cancellation, _run, _owner, _isOwner).ConfigureAwait(false) == 0)
            throw new IOException($"another process has gone on with the run '{_run}' and saves its checkpoints");
    }

    /// <inheritdoc/>
    protected override string? Reason(Exception exception)
    {
        if (exception is not (DbException or SocketException or TimeoutException or IOException)) return null;
        while (exception.InnerException is { } inner) exception = inner;
        var reason = exception.Message.ReplaceLineEndings(" ").Trim();
        return string.IsNullOrEmpty(_connection.Password)
            ? reason
            : reason.Replace(_connection.Password, "***", StringComparison.Ordinal);
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            // A checkpoint is rare: it takes a connection that is new, and not one that the server has long forgotten.
            var builder = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
            return string.IsNullOrEmpty(builder.Host) ? throw Refusal("names no host") : builder;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The message does not repeat it: it may hold a password.
            throw Refusal("is none that Npgsql reads");
        }

        static CheckpointException Refusal(string what) => new(
            $"the connection string of the checkpoints' database {what}; "
            + "'Host=...;Database=...;Username=...;Password=...' is needed");
    }

    /// <summary>One transaction.</summary>
    private async Task DoAsync(Func<NpgsqlConnection, CancellationToken, Task> work, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(_connection.ConnectionString);
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        // A process that hangs must not keep the run locked.
        await ExecuteAsync(connection, "SET LOCAL idle_in_transaction_session_timeout = '20s'", cancellation)
            .ConfigureAwait(false);
        await work(connection, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private async Task QueryAsync(
        string query, Action<DbDataReader> read, CancellationToken cancellation, params object[] values)
    {
        var connection = new NpgsqlConnection(_connection.ConnectionString);
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        var command = CommandOf(connection, query, values);
        await using var __ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var ___ = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) read(reader);
    }

    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string statement, CancellationToken cancellation, params object[] values)
    {
        var command = CommandOf(connection, statement, values);
        await using var _ = command.ConfigureAwait(false);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static NpgsqlCommand CommandOf(NpgsqlConnection connection, string text, object[] values)
    {
        var command = new NpgsqlCommand(text, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
