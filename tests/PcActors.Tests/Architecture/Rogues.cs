using System.Reflection;
using Akka.Actor;
using PcActors.Graphs;

namespace PcActors.Tests.Architecture;

/// <summary>Vertices that break locality, each in its own way. They are read, never run.</summary>
internal static class Rogues
{
    internal static class Shared
    {
        public static readonly Dictionary<int, double> Table = [];

        public static double Number { get; set; }
    }

    internal sealed class Selecting : UntypedActor
    {
        protected override void OnReceive(object message) => Context.ActorSelection("/user/*/v7").Tell(message, Self);
    }

    internal sealed class AskingItsParent : UntypedActor
    {
        protected override void OnReceive(object message) => Context.Parent.Tell(message, Self);
    }

    internal sealed class SharingATable : UntypedActor
    {
        protected override void OnReceive(object message) => Shared.Table[0] = 1;
    }

    internal sealed class SharingANumber : UntypedActor
    {
        protected override void OnReceive(object message) => Shared.Number++;
    }

    internal sealed class SharingInALambda : UntypedActor
    {
        protected override void OnReceive(object message) => Later(static () => Shared.Number = 2);

        private static void Later(Action action) => action();
    }

    internal sealed class WritingAFile : UntypedActor
    {
        protected override void OnReceive(object message) => File.WriteAllText("error", "0.5");
    }

    internal sealed class Reflecting : UntypedActor
    {
        protected override void OnReceive(object message) =>
            typeof(Shared).GetField("Table", BindingFlags.Static | BindingFlags.Public)!.GetValue(null);
    }

    internal sealed class UsingAThreadSlot : UntypedActor
    {
        protected override void OnReceive(object message) => Thread.SetData(Thread.GetNamedDataSlot("error"), message);
    }

    internal sealed class ReadingTheGraph : UntypedActor
    {
        private readonly Func<object?> _graph = () => null;

        protected override void OnReceive(object message) => _ = (_graph() as Graph<float>)?.Depth;
    }
}
