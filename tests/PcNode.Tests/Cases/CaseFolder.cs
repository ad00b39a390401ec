using System.Text.Json;
using PcActors.Data.Npy;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Cases;

/// <summary>One of the folders of Goldens/Cases: a command that went wrong once, its files and what is right.</summary>
internal sealed class CaseFolder : IDisposable
{
    private const string CommandMark = "command (D = this folder): pcnode ";
    private const string Export = "--export";
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Goldens", "Cases");

    private readonly TemporaryFolder _results = new();
    private readonly string _folder;

    public CaseFolder(string name) => _folder = Path.Combine(Root, name);

    /// <summary>The names of all folders.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    /// <summary>A file of the folder.</summary>
    public string this[string file] => Path.Combine(_folder, file);

    /// <summary>Whether the folder holds PyTorch's gradients.</summary>
    public bool HasGradients => File.Exists(this["grads.npz"]);

    /// <summary>PyTorch's gradients, by the names of the initializers.</summary>
    public IReadOnlyDictionary<string, NpyArray> Gradients => NpzFile.Read(this["grads.npz"]);

    /// <summary>PyTorch's loss.</summary>
    public double Loss =>
        JsonDocument.Parse(File.ReadAllText(this["case.json"])).RootElement.GetProperty("lossValue").GetDouble();

    /// <summary>The command of the README, as words.</summary>
    public IReadOnlyList<string> Command
    {
        get
        {
            var line = File.ReadLines(this["README"]).First();
            Assert.StartsWith(CommandMark, line, StringComparison.Ordinal);
            return [.. line[CommandMark.Length..].Split(' ')
                .Select(word => word == "NEW.onnx" ? Result : word.Replace("$D", _folder, StringComparison.Ordinal))];
        }
    }

    /// <summary>Where the command's model file goes.</summary>
    public string Result => NewFile("new.onnx");

    /// <summary>A path for a file of the test.</summary>
    public string NewFile(string name) => _results[name];

    /// <summary>Runs the command, with further words behind it.</summary>
    public Task<Pcnode> RunAsync(params string[] more) => Pcnode.RunAsync([.. Command, .. more]);

    /// <summary>Runs the command with the model file written and JSON lines.</summary>
    public Task<Pcnode> RunFullyAsync(params string[] more)
    {
        string[] words = Command.Contains(Export) ? [] : [Export, Result];
        if (!Command.Contains("--json")) words = [.. words, "--json"];
        return RunAsync([.. words, .. more]);
    }

    public void Dispose() => _results.Dispose();
}
