using System.Globalization;
using System.Numerics;

namespace PcActors.Graphs;

/// <summary>How much one vertex holds.</summary>
public enum Granularity
{
    /// <summary>A tensor: a layer's product, its activation, a weight.</summary>
    Tensor,

    /// <summary>A unit: dense and convolutional layers are a vertex for each output feature or
    /// channel, with incoming weights of its own, and so is what follows them element by element.</summary>
    Unit,

    /// <summary>A number: weights are scalars, and a unit is a product for each of its weights,
    /// their sum and its activation, each with one number a sample.</summary>
    Scalar,
}

/// <summary>Makes a graph finer: the same function of the same parameters, in more and smaller vertices.</summary>
/// <remarks>
/// <para>A vertex that is divided has its name with <c>/unit3</c>; a product is
/// <c>hidden1/unit3/product17</c>. Where a whole is read, a Concat of the whole's name joins the parts; where a part of
/// a whole is read, a Slice takes it. What is latent is so in all parts. Blocks of parameters join to the
/// parameters that they were.</para>
/// <para>Each of the finer graphs is a network to itself: to each the theorem applies, bit
/// for bit. From one to another an update differs by the rounding of sums that are taken in another order.</para>
/// </remarks>
internal static class Refinement
{
    /// <summary>The most vertices that a finer graph may have, unless told otherwise. One takes
    /// some 5 kB as an actor.</summary>
    public const long MaxVertices = 2_000_000;

    /// <summary>The graph at a granularity.</summary>
    /// <param name="graph">A graph that is neither levelled nor cut into blocks.</param>
    /// <param name="granularity">How much one vertex is to hold.</param>
    /// <param name="maxVertices">The most vertices that it may have, with the identities that level it.</param>
    /// <exception cref="GraphException">It would have more, or the graph has a cycle, or at
    /// <see cref="Granularity.Scalar"/> a vertex does not come apart; the message names it.</exception>
    public static Graph<T> Refine<T>(Graph<T> graph, Granularity granularity, long maxVertices = MaxVertices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RefinementPlan<T>? plan = granularity switch
        {
            Granularity.Unit => new UnitPlan<T>(graph),
            Granularity.Scalar => new ScalarPlan<T>(graph),
            _ => null,
        };
        if (plan is null) return graph;
        GraphValidation.RequireAcyclic(graph, "a finer granularity", "the granularity tensor does");
        plan.Decide();
        // Before anything is built: what is far too large would take all memory first.
        Require(granularity, plan.CountVertices(), 0, maxVertices);
        var refined = new RefinedGraph<T>(plan).Build();
        Require(granularity, refined.Vertices.Count, Levelling.CountIdentities(refined), maxVertices);
        return refined;
    }

    private static void Require(Granularity granularity, long vertices, long identities, long most)
    {
        if (vertices + identities <= most) return;
        var name = granularity == Granularity.Unit ? "unit" : "scalar";
        var levelling = identities == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {identities:#,0} of them to level it");
        throw new GraphException(string.Create(
            CultureInfo.InvariantCulture,
            $"at the granularity {name} the graph would have {vertices + identities:#,0} vertices{levelling}; the "
            + $"most is {most:#,0}: take fewer units, or a coarser granularity"));
    }
}
