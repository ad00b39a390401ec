using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.Extensions.Logging;
using PcActors.Files;
using PcNode.Configuration;

namespace PcNode.Output;

/// <summary>Where a run logs what happens within it: nowhere, unless somebody asks. Standard output
/// is never the place.</summary>
internal sealed class Logs : IDisposable
{
    private const string LevelOption = "--log-level";
    private const string FileOption = "--log-file";

    private static readonly (string Name, LogLevel Level)[] Levels =
    [
        ("off", LogLevel.None), ("error", LogLevel.Error), ("warning", LogLevel.Warning),
        ("info", LogLevel.Information), ("debug", LogLevel.Debug),
    ];

    private readonly string _level;
    private readonly string? _file;
    private readonly TextWriter? _ownWriter;

    private Logs(string level, string? file, TextWriter error)
    {
        (_level, _file) = (level, file);
        var minimum = Levels.First(l => l.Name == level).Level;
        if (minimum == LogLevel.None) return;
        if (file is not null) _ownWriter = Open(file);
        Factory = LoggerFactory.Create(
            builder => builder.SetMinimumLevel(minimum).AddProvider(new TextLoggerProvider(_ownWriter ?? error)));
    }

    /// <summary>What loggers are made with; null when nothing is logged.</summary>
    public ILoggerFactory? Factory { get; }

    /// <summary>Whether events go to standard error.</summary>
    public bool AreShown => Factory is not null && _ownWriter is null;

    /// <summary>Whether the environment asks for no logs.</summary>
    public static bool AreNowhereAskedFor => InEnvironment(LevelOption) is null && InEnvironment(FileOption) is null;

    /// <summary>What a level is called.</summary>
    public static string NameOf(LogLevel level) =>
        Levels.Where(l => l.Level == level).Select(l => l.Name).FirstOrDefault("error");

    /// <summary>Adds the options to a command and to those below it. The environment may have them, too.</summary>
    public static void AddTo(Command root)
    {
        root.Options.Add(
            Option(LevelOption, "off|error|warning|info|debug",
                "what is logged, on standard error or in --log-file; off unless that is given, then info"));
        root.Options.Add(Option(FileOption, "FILE", "a file at whose end the log is written"));
    }

    /// <summary>What a command line asks for.</summary>
    /// <exception cref="UsageException">There is no such level, or the file cannot be written.</exception>
    public static Logs Open(ParseResult result, TextWriter error)
    {
        var file = result.GetValue<string?>(FileOption);
        var level = result.GetValue<string?>(LevelOption) ?? (file is null ? "off" : "info");
        var names = ValueTypes.OneOf([.. Levels.Select(l => l.Name)]);
        if (!names.Read(level).IsSome)
            throw new UsageException(
                $"{LevelOption}: '{level}' is not {names.Accepted}{Suggestion.For(level, names.Choices!)}");
        var paths = result.Tokens.Count(t =>
            t is { Type: TokenType.Argument, Value.Length: > 0 } && file is { Length: > 0 }
                && OutputFile.AreSame(t.Value, file));
        var own = result.GetResult(FileOption) is OptionResult { Implicit: false } ? 1 : 0;
        if (paths > own)
            throw new UsageException($"{FileOption}: '{file}' is named twice; give the log a file of its own");
        return new Logs(level, file, error);
    }

    /// <summary>The options of a worker process of this run, by its number: a file of its
    /// own, beside this one's.</summary>
    public string[] OptionsOf(int worker) => Factory is null ? []
        : _file is null ? [LevelOption, _level]
        : [LevelOption, _level, FileOption, $"{_file}.worker{worker}"];

    /// <summary>Logs an event of this program.</summary>
    public void Write(LogLevel level, string message, Exception? exception = null) =>
        Factory?.CreateLogger("PcNode").Log(level, default, message, exception, static (text, _) => text);

    /// <inheritdoc/>
    public void Dispose()
    {
        Factory?.Dispose();
        _ownWriter?.Dispose();
    }

    private static Option<string?> Option(string name, string value, string description) => new(name)
    {
        HelpName = value,
        Description = description,
        Recursive = true,
        DefaultValueFactory = _ => InEnvironment(name),
    };

    private static string? InEnvironment(string name) =>
        Environment.GetEnvironmentVariable(Settings.VariableOf(name)) is { Length: > 0 } text ? text : null;

    private static StreamWriter Open(string file)
    {
        try
        {
            return new StreamWriter(
                new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read))
            { AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw new UsageException($"{FileOption}: '{file}' cannot be written: {e.Message.ReplaceLineEndings(" ")}");
        }
    }
}

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
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            var time = TimeProvider.System.GetUtcNow()
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            var stack = exception is null ? "" : $"{Environment.NewLine}{exception}";
            provider.Write($"{time} {Logs.NameOf(logLevel)} {category}: {formatter(state, exception)}{stack}");
        }
    }
}
