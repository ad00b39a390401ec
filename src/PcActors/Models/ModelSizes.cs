namespace PcActors.Models;

/// <summary>The sizes of an architecture that <see cref="ModelOptions"/> can set.</summary>
[Flags]
public enum ModelSizes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="ModelOptions.Hidden"/>.</summary>
    Hidden = 1,

    /// <summary><see cref="ModelOptions.Channels"/>.</summary>
    Channels = 2,

    /// <summary><see cref="ModelOptions.Layers"/>.</summary>
    Layers = 4,

    /// <summary><see cref="ModelOptions.Width"/>.</summary>
    Width = 8,

    /// <summary><see cref="ModelOptions.Heads"/>.</summary>
    Heads = 16,
}
