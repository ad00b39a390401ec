using PcActors.Data;

namespace PcActors.Tests.Data;

public class DatasetLoaderMutations
{
    [Fact]
    public void What_is_no_data_set_is_answered_with_what_would_be_one()
    {
        using var folder = new TemporaryFolder();
        var text = folder.Write("notes.txt", "hello");
        string[] accepted = ["'digits'", "folder", "IDX", ".npz", ".csv", ".csv.gz"];
        Refusal.Of(() => DatasetLoader.Load<float>(text), [text, "this kind of file", .. accepted]);
        Refusal.Of(() => DatasetLoader.Load<float>("mnist"), ["'mnist'", "no such data set", .. accepted]);
        Refusal.Of(() => DatasetLoader.Load<float>(""), ["''", "no such data set", .. accepted]);
        Refusal.Of(() => DatasetLoader.Load<float>(folder.PathOf("missing.csv")), "missing.csv", "no such file");
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Write("empty.csv", "")), "empty.csv", "empty");
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Write("plain.csv.gz", "1,2,0\n")), "plain.csv.gz",
            "not a gzip file");
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Write("zipped.csv", TemporaryFolder.Gzip([1]))), "zipped.csv",
            "gzip", ".gz");
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Write("short.csv.gz", 0x1F, 0x8B, 8)), "short.csv.gz",
            "cut short");
    }

    [SkippableFact]
    public void A_file_without_permission_is_named()
    {
        Skip.If(OperatingSystem.IsWindows(), "permissions are set otherwise there");
        using var folder = new TemporaryFolder();
        var path = folder.Write("secret.csv", "1,2,0\n3,4,1\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.None);
        Skip.If(Environment.IsPrivilegedProcess, "a privileged user may open any file");
        Refusal.Of(() => DatasetLoader.Load<float>(path), path, "permission");
    }
}
