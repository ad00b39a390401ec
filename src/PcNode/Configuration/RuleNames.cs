namespace PcNode.Configuration;

/// <summary>The rules by which a network can learn, as the command line calls them.</summary>
internal static class RuleNames
{
    public const string Zil = "zil";
    public const string Il = "il";
    public const string Bp = "bp";

}
