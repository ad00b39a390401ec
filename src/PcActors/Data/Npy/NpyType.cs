namespace PcActors.Data.Npy;

/// <summary>An element type of .npy files.</summary>
public enum NpyType
{
    /// <summary>One byte, 0 or 1: NumPy's b1.</summary>
    Boolean,

    /// <summary>A signed integer of 8 bits: i1.</summary>
    Int8,

    /// <summary>A signed integer of 16 bits: i2.</summary>
    Int16,

    /// <summary>A signed integer of 32 bits: i4.</summary>
    Int32,

    /// <summary>A signed integer of 64 bits: i8.</summary>
    Int64,

    /// <summary>An unsigned integer of 8 bits: u1.</summary>
    UInt8,

    /// <summary>An unsigned integer of 16 bits: u2.</summary>
    UInt16,

    /// <summary>An unsigned integer of 32 bits: u4.</summary>
    UInt32,

    /// <summary>An unsigned integer of 64 bits: u8.</summary>
    UInt64,

    /// <summary>IEEE 754 binary16: f2.</summary>
    Float16,

    /// <summary>IEEE 754 binary32: f4.</summary>
    Float32,

    /// <summary>IEEE 754 binary64: f8.</summary>
    Float64,
}
