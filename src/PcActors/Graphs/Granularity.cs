namespace PcActors.Graphs;

/// <summary>How much one vertex holds.</summary>
public enum Granularity
{
    /// <summary>A tensor: a layer's product, its activation, a weight.</summary>
    Tensor,

    /// <summary>A unit: dense and convolutional layers are a vertex for each output feature or channel, with incoming weights of
    /// its own, and so is what follows them element by element.</summary>
    Unit,

    /// <summary>A number: weights are scalars, and a unit is a product for each of its weights, their sum and its activation, each
    /// with one number a sample.</summary>
    Scalar,
}
