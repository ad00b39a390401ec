using PcActors.Extensions;
using PcActors.Tests.Extension;

[assembly: PcActorsExtension(typeof(DocumentedExtension))]

namespace PcActors.Tests.Extension;

/// <summary>What this assembly adds.</summary>
public sealed class DocumentedExtension : IExtension
{
    /// <inheritdoc/>
    public void Register()
    {
        Catalogues.Register(Squareplus.Operator);
        Catalogues.Register(Huber.Description);
        Catalogues.Register(Lion.Description);
        Catalogues.Register(InverseRoot.Description);
        Catalogues.Register(Langevin.Description);
    }
}
