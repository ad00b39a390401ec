using System.Globalization;
using Microsoft.Extensions.Logging;

namespace PcNode.Output;

/// <summary>Writes events as text, one a line, and the stack of an exception below.</summary>
/// <param name="writer">Where to; it is left open.</param>
internal sealed class TextLoggerProvider(TextWriter writer) : ILoggerProvider
{
    private readonly Lock _lock = new();
    private bool _hasFailed;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new TextLogger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            if (_hasFailed) return;
            try
            {
                writer.WriteLine(line);
            }
            catch (IOException)
            {
                // A full disk ends the log and not the run.
                _hasFailed = true;
            }
        }
    }

    private sealed class TextLogger(TextLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            var stack = exception is null ? "" : $"{Environment.NewLine}{exception}";
            provider.Write($"{time} {Logs.NameOf(logLevel)} {category}: {formatter(state, exception)}{stack}");
        }
    }
}
