using Presence.Grains;

namespace Presence.Silo.Cluster;

/// <summary>
/// Keeps errors on the silo whose types its callers may not have: those of the libraries behind the grains. An Orleans connection that meets
/// a type it cannot load was seen to stand still for seconds, with the calls of everybody who shares it.
/// </summary>
internal sealed partial class ErrorFilter(ILogger<ErrorFilter> logger) : IIncomingGrainCallFilter
{
    private static readonly HashSet<string?> ForClients =
    [
        typeof(IUserPresenceGrain).Assembly.GetName().Name, "Orleans.Core", "Orleans.Core.Abstractions", "Orleans.Serialization", "Orleans.Serialization.Abstractions",
    ];

    /// <exception cref="PresenceUnavailableException">The grain threw what only silos know.</exception>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        var call = context.Invoke();
        return call.IsCompletedSuccessfully ? call : InvokeAsync(call, context);
    }

    /// <summary>Whether every program that calls grains can load an error, and what caused it.</summary>
    internal static bool IsForClients(Exception? error) =>
        error is null || (IsForClients(error.GetType()) && error switch
        {
            AggregateException several => several.InnerExceptions.All(IsForClients),
            _ => IsForClients(error.InnerException),
        });

    private static bool IsForClients(Type type) =>
        type.Assembly.GetName().Name is var name && (name!.StartsWith("System.", StringComparison.Ordinal) || ForClients.Contains(name));

    private async Task InvokeAsync(Task call, IIncomingGrainCallContext context)
    {
        try
        {
            await call;
        }
        catch (Exception e) when (!IsForClients(e))
        {
            LogKept(context.InterfaceName, context.MethodName, e);
            throw new PresenceUnavailableException("What the call needs did not answer.");
        }
    }

    [LoggerMessage(4020, LogLevel.Warning, "{Contract}.{Method} failed; its caller was told that it is unavailable.")]
    private partial void LogKept(string contract, string method, Exception exception);
}
