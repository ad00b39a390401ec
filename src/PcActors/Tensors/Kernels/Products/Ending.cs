namespace PcActors.Tensors.Kernels.Products;

/// <summary>What becomes of a finished element g of the product.</summary>
internal enum Ending
{
    /// <summary>c = g.</summary>
    Store,

    /// <summary>c = c + g.</summary>
    Add,

    /// <summary>c = fma(-alpha, g, theta) + 0.</summary>
    Update,
}
