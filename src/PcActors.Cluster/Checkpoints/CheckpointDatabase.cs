using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Akka.Actor;
using Npgsql;

namespace PcActors.Cluster.Checkpoints;

/// <summary>A database of PostgreSQL, for the nodes of any number of machines.</summary>
internal sealed class CheckpointDatabase : ICheckpointPlace
{
    // Any number, as long as all nodes have the same.
    private const long SetUpLock = 0x5063_4163_746f_7273;

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly CheckpointSlot _slot;
    private readonly SemaphoreSlim _opening = new(1);
    private bool _isOpen;

    private CheckpointDatabase(NpgsqlConnectionStringBuilder connection, ActorSystem system)
    {
        _connection = connection;
        _slot = new CheckpointSlot(system, CheckpointConfig.PluginOf(0), connection.Password);
    }

    /// <inheritdoc/>
    public string Name => string.Create(
        CultureInfo.InvariantCulture, $"the database '{_connection.Database}' at {_connection.Host}:{_connection.Port}");

    /// <inheritdoc/>
    public int Count => 1;

    /// <summary>The database that a connection string means.</summary>
    /// <param name="connectionString">In Npgsql's form.</param>
    /// <param name="system">The actor system of the store, with a snapshot store for it.</param>
    public static CheckpointDatabase Of(string connectionString, ActorSystem system) => new(Parse(connectionString), system);

    /// <summary>Refuses what is no connection string.</summary>
    /// <exception cref="CheckpointException">It is none. The message does not repeat it: it may hold a password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(builder.Host)) throw new CheckpointException("the connection string of the checkpoints' database names no host; 'Host=...;Database=...;Username=...' is needed");
            return builder;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new CheckpointException("the connection string of the checkpoints' database is none that Npgsql reads; 'Host=...;Database=...;Username=...;Password=...' is needed");
        }
    }

    /// <inheritdoc/>
    public async Task<CheckpointSlot?> OpenToReadAsync(int index, CancellationToken cancellation) =>
        await OpenToWriteAsync(index, cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<CheckpointSlot> OpenToWriteAsync(int index, CancellationToken cancellation)
    {
        if (_isOpen) return _slot;
        await _opening.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!_isOpen) await SetUpAsync(cancellation).ConfigureAwait(false);
            _isOpen = true;
            return _slot;
        }
        catch (Exception e) when (e is DbException or SocketException or TimeoutException or IOException)
        {
            throw new CheckpointException($"{Name} cannot be reached: {Reason(e)}", e);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _opening.Dispose();
        _slot.Dispose();
        using var connection = new NpgsqlConnection(_connection.ConnectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    // Two nodes that make the same table at once get in each other's way. The lock goes with the connection, which is why that one
    // goes back to no pool.
    private async Task SetUpAsync(CancellationToken cancellation)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Pooling = false };
        var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { Parameters = { new() { Value = SetUpLock } } };
        await using (command.ConfigureAwait(false))
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await _slot.LoadAsync("", 0, cancellation).ConfigureAwait(false);
    }

    private string Reason(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        var reason = e.Message.ReplaceLineEndings(" ").Trim();
        return string.IsNullOrEmpty(_connection.Password) ? reason : reason.Replace(_connection.Password, "***", StringComparison.Ordinal);
    }
}
