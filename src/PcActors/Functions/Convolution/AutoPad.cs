namespace PcActors.Functions;

/// <summary>ONNX's auto_pad: how a convolution's pads are chosen.</summary>
internal enum AutoPad
{
    /// <summary>By the attribute pads.</summary>
    NotSet,

    /// <summary>None.</summary>
    Valid,

    /// <summary>As many as keep the extent, but for the stride; an odd one after the input.</summary>
    SameUpper,

    /// <summary>The same; an odd one before the input.</summary>
    SameLower,
}
