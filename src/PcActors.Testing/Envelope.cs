namespace PcActors.Testing;

/// <summary>A message on its way.</summary>
/// <param name="Sender">Id of the vertex that sent it, or <see cref="Coordinator"/>.</param>
/// <param name="Receiver">Id of the vertex that it is for, or <see cref="Coordinator"/>.</param>
/// <param name="Message">The message.</param>
public readonly record struct Envelope(int Sender, int Receiver, object Message)
{
    /// <summary>Stands for whoever begins the steps.</summary>
    public const int Coordinator = -1;
}
