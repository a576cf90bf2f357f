namespace Presence.Acceptance.Tests.Load;

/// <summary>What takes the whole machine runs beside nothing else.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LoadGroup
{
    public const string Name = "load";
}
