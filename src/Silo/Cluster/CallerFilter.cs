using Presence.Grains;

namespace Presence.Silo.Cluster;

/// <summary>
/// Admits calls by who makes them. Whoever reaches the port for clients could otherwise call every grain, those that look after leases and
/// membership included.
/// </summary>
/// <remarks>
/// It keeps honest clients in their place. Whoever writes messages by hand is kept out by certificates and the network: Orleans believes what
/// a message says of its sender.
/// </remarks>
internal sealed class CallerFilter : IIncomingGrainCallFilter
{
    private static readonly HashSet<Type> ForClients =
    [
        typeof(IUserPresenceGrain), typeof(IUserSelfGrain), typeof(IRoomGrain), typeof(ILobbyGrain), typeof(IGatewayGrain), typeof(ILeaseRelayGrain),
        typeof(IOutboxGrain), typeof(ISiloGrain),
    ];

    // How Orleans names the client inside each silo, by which the silo's own services call.
    private static readonly IdSpan Hosted = IdSpan.Create("hosted-");

    /// <exception cref="UnauthorizedAccessException">A client called what is for silos only.</exception>
    public Task Invoke(IIncomingGrainCallContext context) =>
        context.SourceId is { } source && IsOutside(source) && !IsAdmitted(context.InterfaceMethod.DeclaringType!)
            ? throw new UnauthorizedAccessException($"{context.InterfaceName} is not for clients.")
            : context.Invoke();

    private static bool IsOutside(GrainId source) =>
        source.IsClient() && !source.Key.AsSpan().StartsWith(Hosted.AsSpan());

    // What Orleans' own client library calls is Orleans' to protect.
    private static bool IsAdmitted(Type contract) =>
        contract.Assembly != typeof(IUserPresenceGrain).Assembly || ForClients.Contains(contract);
}
