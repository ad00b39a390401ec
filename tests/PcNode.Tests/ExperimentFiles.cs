using PcNode.Configuration;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Experiment files: what they set, what they define, and what is said when they are wrong.</summary>
public sealed class ExperimentFiles
{
    private const string Network = """
        pcactors {
          steps = 2
          batch = 8
          graph {
            data { x = [64] }
            parameters {
              w1 { shape = [64, 6] }
              b1 { shape = [6] }
              w2 { shape = [6, 10], init = normal, deviation = 0.1 }
            }
            vertices {
              y { op = MatMul, inputs = [h/tanh, w2] }   # forward reference
              h/tanh { op = Tanh, inputs = [h] }
              h { op = Gemm, inputs = [x, w1, b1], attributes { alpha = 1.0, transB = 0 } }
            }
          }
        }
        """;

    [Fact]
    public async Task Options_override_the_file_and_the_file_overrides_the_reference()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("e.conf",
            "pcactors { model = residual, hidden = [5], steps = 3, rule = il\n verify { steps = 1 } }");
        var result = (await Pcnode.RunAsync("train", file, "--json")).Last;
        Assert.Equal("residual", result.GetProperty("model").GetString());
        Assert.Equal("il", result.GetProperty("rule").GetString());
        Assert.Equal(3, result.GetProperty("steps").GetInt32());
        result = (await Pcnode.RunAsync("train", file, "--json", "--rule", "zil", "--steps", "2")).Last;
        Assert.Equal("zil", result.GetProperty("rule").GetString());
        Assert.Equal(2, result.GetProperty("steps").GetInt32());
        var options = await Pcnode.RunAsync("train", "residual", "--hidden", "5", "--steps", "2", "--json");
        Assert.Equal(options.Last.GetProperty("weightsSha256").GetString(),
            result.GetProperty("weightsSha256").GetString());
        var verified = await Pcnode.RunAsync("verify", file, "--rule", "zil", "--json");
        Assert.Equal(1, verified.Last.GetProperty("steps").GetInt32());
    }

    [Fact]
    public async Task A_network_of_its_own_trains_and_verifies()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("net.conf", Network);
        var result = (await Pcnode.RunAsync("train", file, "--json")).Last;
        Assert.Equal(2, result.GetProperty("steps").GetInt32());
        var verified = await Pcnode.RunAsync("verify", file, "--json");
        Assert.Equal(ExitCode.Done, verified.ExitCode);
        // Data, three parameters, three functions; a chain needs no identities.
        Assert.Equal(7, verified.Last.GetProperty("vertices").GetInt32());
        Assert.Equal(0, verified.Last.GetProperty("identityVertices").GetInt32());
        Assert.Equal(4, verified.Last.GetProperty("levels").GetInt32());
    }

    [Theory]
    [InlineData("inputs = [h/tanh, w2]", "inputs = [h/tanh, w3]", "'y' has an input 'w3', but no vertex has that name")]
    [InlineData("inputs = [h]", "inputs = [y]", "the graph has a cycle through the vertex")]
    [InlineData("inputs = [h/tanh, w2]", "inputs = [h, w2]", "the graph has 2 roots")]
    [InlineData("op = Tanh", "op = Tahn",
        "the vertex 'h/tanh' (Tahn): the operator 'Tahn' is not supported; similar ones that are: Tanh")]
    [InlineData("transB = 0", "transC = 0", "the vertex 'h' (Gemm)")]
    [InlineData("b1 { shape = [6] }", "b1 { shape = [7] }", "the vertex 'h' (Gemm)")]
    [InlineData("shape = [64, 6]", "shape = [64, 0]",
        "pcactors.graph.parameters.w1.shape: '0' is not a whole number from 1")]
    [InlineData("init = normal", "init = nromal", "pcactors.graph.parameters.w2.init: 'nromal' is not one of")]
    [InlineData(", deviation = 0.1", "", "pcactors.graph.parameters.w2.deviation: this key is missing")]
    [InlineData("op = Tanh, ", "", "pcactors.graph.vertices.h/tanh.op: this key is missing")]
    [InlineData("op = Tanh", "opp = Tanh", "unknown key 'pcactors.graph.vertices.h/tanh.opp'; did you mean 'op'?")]
    [InlineData("vertices {", "verts {", "unknown key 'pcactors.graph.verts'")]
    [InlineData("w1 {", "x {", "two vertices are named 'x'")]
    [InlineData("op = MatMul, inputs = [h/tanh, w2]", "op = ReduceSum, inputs = [h/tanh]", "w2")]
    public async Task A_wrong_network_is_refused_by_the_name_of_the_vertex(string right, string wrong, string words)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(right, Network, StringComparison.Ordinal);
        var file = folder.Write("net.conf", Network.Replace(right, wrong, StringComparison.Ordinal));
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["net.conf: ", words], "train", file);
    }

    [Theory]
    [InlineData("pcactors { bach = 3 }", "unknown key 'pcactors.bach'; did you mean 'batch'?")]
    [InlineData("pcactor { batch = 3 }", "unknown key 'pcactor'; did you mean 'pcactors'?")]
    [InlineData("pcactors { verify { step = 3 } }", "unknown key 'pcactors.verify.step'; did you mean 'verify.steps'?")]
    [InlineData("pcactors { batch = many }",
        "e.conf: line 1, column 20: pcactors.batch: 'many' is not a whole number from 1")]
    [InlineData("pcactors { batch = [3, 4] }", "pcactors.batch: '3,4' is not a whole number from 1")]
    [InlineData("pcactors { learning-rate = -1 }",
        "pcactors.learning-rate: '-1' is not auto or a positive, finite number")]
    [InlineData("pcactors { rule = zill }",
        "pcactors.rule: 'zill' is not one of zil, il, ipc, epc, pc-alm, langevin, bp; did you mean 'zil'?")]
    [InlineData("pcactors { model = mpl }",
        "pcactors.model: 'mpl' is not one of mlp, cnn, alexnet, rnn, lstm, resnet18, transformer, residual or a model file, *.onnx; did you mean 'mlp'?")]
    [InlineData("pcactors { batch { size = 3 } }", "pcactors.batch: this is a section; a value is needed")]
    [InlineData("pcactors { batch = }", "pcactors.batch")]
    [InlineData("pcactors { batch = 3", "line 1, column 10: '{' is never closed")]
    [InlineData("pcactors {\n hidden = [3, 4\n}", "line 3, column 1: '}' cannot close the '[' of line 2")]
    [InlineData("pcactors { batch = 3 } }", "line 1, column 24: '}' closes nothing")]
    [InlineData("pcactors { data = \"x\n }", "line 1, column 19: a text in quotes is not closed")]
    [InlineData("pcactors { batch = ${pcactors} }", "line 1, column 20: '$' starts a substitution")]
    [InlineData("pcactors { hidden = [3 = 4] }", "line 1, column 24: '=' within an array")]
    [InlineData("pcactors { hidden = [3] x }", "pcactors.hidden")]
    [InlineData("pcactors { hidden = [3] x }", "line 1, column 25: pcactors.hidden: 'x' stands behind it")]
    [InlineData("pcactors { hidden = [&4, 48] }",
        "line 1, column 22: '&' within an array's element; a text with such signs stands in quotes")]
    [InlineData("pcactors {\n batch = 3\n epochs =\n seed = 1 }",
        "line 3, column 2: pcactors.epochs: this key has no value")]
    [InlineData("pcactors {\n hidden = [3, [4]] }", "line 2, column 15: '[' within an array")]
    [InlineData("pcactors { hidden = [3,, 4] }", "line 1, column 24: ',' where an array's element is expected")]
    [InlineData("pcactors { hidden += 3 }", "line 1, column 19: pcactors.hidden: '+=' is not read")]
    [InlineData("include \"other.conf\"", "line 1, column 1: a file cannot include another")]
    [InlineData("pcactors { data = C:\\digits }",
        "line 1, column 20: ':' within the value; a text with such signs stands in quotes")]
    [InlineData("pcactors { data = \"C:\\digits\" }", "line 1, column 22: '\\' within quotes begins one of")]
    [InlineData("pcactors { data = x\0y }", "line 1, column 20: the character U+0000 within the value")]
    [InlineData("pcactors { batch = 3, batch.size = 3 }", "pcactors.batch: this is a section; a value is needed")]
    [InlineData("pcactors = 3", "pcactors")]
    [InlineData("", "it has no section 'pcactors { ... }'")]
    [InlineData("garbage", "e.conf: ")]
    [InlineData("pcactors { batch = 30, micro = 4 }",
        "pcactors.batch: a batch of 30 samples cannot be cut into 4 equal micro-batches")]
    [InlineData("pcactors { rule = il, clock = wavefront }",
        "pcactors.clock: the wavefront clock serves the rule zil only")]
    [InlineData("pcactors { model = mlp, graph { } }", "pcactors.model: the file defines a network of its own")]
    [InlineData("pcactors { graph { } }", "the graph has no vertices")]
    public async Task A_wrong_file_is_refused_by_the_name_of_the_key(string text, string words)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("e.conf", text);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["e.conf", words], "train", file);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_not_read()
    {
        using var folder = new TemporaryFolder();
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["4 MB"], "train",
            folder.Write("e.conf", new string('#', (4 << 20) + 1)));
    }

    /// <summary>HOCON says what each of these means.</summary>
    [Theory]
    [InlineData("pcactors { batch = 3, verify { steps = 4 } }")]
    [InlineData("pcactors { batch : 3\n verify { steps : 4 } }")]
    [InlineData("\uFEFF{ \"pcactors\": { \"batch\": \"3\", \"verify\": { \"steps\": \"4\" }, }, }")]
    [InlineData("pcactors.batch = 3\npcactors.verify.steps = 4")]
    [InlineData("pcactors { batch = 3 }\npcactors { verify { steps = 9 } }\npcactors { verify { steps = 4 } }")]
    [InlineData("// one\npcactors # two\n{\r\n batch = 3 // three\r\n verify # four\r\n {\r\n steps = 4 # five\r\n }\r\n}\r\n# six")]
    [InlineData("pcactors { batch = \"\\u0033\", verify = { steps = 4 } }")]
    public void The_same_settings_are_written_in_several_ways(string text)
    {
        var values = ConfigurationFile.Parse("e.conf", text).Values;
        Assert.Equal([("batch", "3"), ("verify.steps", "4")], values.Select(v => (v.Key, v.Text)));
    }

    [Theory]
    [InlineData("[300, 100]", "300,100")]
    [InlineData("[\n  300 # the first\n  100\n]", "300,100")]
    [InlineData("[\"300\", 100,]", "300,100")]
    [InlineData("[]", "")]
    [InlineData("a name/of things, batch = 3", "a name/of things")]
    [InlineData("\"quoted # \\\"text\\\", /\"", "quoted # \"text\", /")]
    [InlineData("1e+3", "1e+3")]
    public void A_value_is_read_as_HOCON_has_it(string written, string read) =>
        Assert.Equal(read, ConfigurationFile.Parse("e.conf", $"pcactors {{ hidden = {written} }}").Values[0].Text);

    [Theory]
    [InlineData("[a\"")]
    [InlineData("a b")]
    [InlineData("${akka}")]
    public async Task A_host_is_a_name_or_an_address(string host) =>
        await Pcnode.RefusesAsync(ExitCode.BadInput, [$"--hostname: '{host}' is not auto or a host's name or address"],
            "node", "--hostname", host);

    [Fact]
    public async Task A_missing_file_is_named() =>
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["nowhere.conf: there is no such file"], "train", "nowhere.conf");

    [Fact]
    public void The_reference_has_exactly_the_keys_that_there_are()
    {
        var reference = ConfigurationFile.Parse("reference.conf", Settings.ReferenceText());
        Assert.Equal(
            SettingGroups.All.Select(s => s.Key).Order(StringComparer.Ordinal),
            reference.Values.Select(v => v.Key).Order(StringComparer.Ordinal));
        Assert.Null(reference.Graph);
    }

    [Fact]
    public async Task The_reference_is_an_experiment_file_that_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("reference.conf", Settings.ReferenceText());
        var run = (await Pcnode.RunAsync("train", file, "--steps", "2", "--json")).Last;
        var plain = (await Pcnode.RunAsync("train", "--steps", "2", "--json")).Last;
        Assert.Equal(plain.GetProperty("weightsSha256").GetString(), run.GetProperty("weightsSha256").GetString());
    }

    [Fact]
    public void A_relative_path_of_data_is_taken_from_the_files_folder()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("e.conf", "pcactors { data = sub/data.csv }");
        var data = Assert.Single(ConfigurationFile.Load(file).Values);
        Assert.Equal(folder["sub/data.csv"], data.Text);
        Assert.Equal("digits",
            Assert.Single(ConfigurationFile.Load(folder.Write("d.conf", "pcactors { data = digits }")).Values).Text);
    }
}
