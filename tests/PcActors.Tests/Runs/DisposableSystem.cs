using Akka.Actor;

namespace PcActors.Tests.Runs;

/// <summary>An actor system that ends with its test.</summary>
internal sealed class DisposableSystem(ActorSystem system) : IAsyncDisposable
{
    public ActorSystem System { get; } = system;

    public async ValueTask DisposeAsync() => await System.Terminate();
}
