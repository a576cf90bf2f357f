using Presence.Gateway.Authentication;
using Presence.Gateway.Delivery;
using Presence.Gateway.Protocol;
using Presence.Grains;

namespace Presence.Gateway.Sessions;

/// <summary>What a connection asks about others: <c>get_presence</c>, <c>subscribe</c>, <c>unsubscribe</c>.</summary>
internal sealed class PresenceMessages(Users users, Owners owners, PresenceLists lists, GatewayOptions options)
{
    public async ValueTask<ProtocolError?> GetAsync(Session session, Fields fields, RequestId id)
    {
        var userIds = fields.UserIds(options.MaxIdsPerMessage, options.MaxUserIdLength);
        var isExplained = fields.Flag("explain");
        if (isExplained && !session.Identity.Scopes.HasFlag(Scopes.Server) && userIds.Exists(userId => userId != session.UserId))
        {
            fields.Fail(ProtocolError.Forbidden());
        }

        if ((fields.Error ?? CheckAllowed(session, userIds)) is { } error)
        {
            return error;
        }

        var why = isExplained ? await ExplainAsync(userIds) : null;
        var asked = new List<UserEntry>(userIds.Count);
        foreach (var userId in userIds)
        {
            asked.Add(users.Get(userId));
        }

        await KnowAllAsync(asked, session);
        lists.Send(session, new(asked, Known: null, why), id);
        return null;
    }

    public async ValueTask<ProtocolError?> SubscribeAsync(Session session, Fields fields, RequestId id)
    {
        var userIds = fields.UserIds(options.MaxIdsPerMessage, options.MaxUserIdLength);
        var known = fields.Known(options.MaxIdsPerMessage);
        if ((fields.Error ?? Check(session, userIds)) is { } error)
        {
            return error;
        }

        var added = new List<string>();
        try
        {
            var asked = Add(session, userIds, added);
            await KnowAllAsync(asked, session);
            lists.Send(session, new(asked, known, Why: null), id);
        }
        catch
        {
            // All or nothing: who hears an error has no subscription of which it knows nothing.
            added.ForEach(session.Unsubscribe);
            throw;
        }

        return null;
    }

    public ProtocolError? Unsubscribe(Session session, Fields fields, RequestId id)
    {
        var userIds = fields.UserIds(options.MaxIdsPerMessage, options.MaxUserIdLength);
        if (fields.Error is { } error)
        {
            return error;
        }

        userIds.ForEach(session.Unsubscribe);
        if (id.IsGiven)
        {
            session.Connection.Output.Send(ServerMessages.Unsubscribed(userIds.Distinct(StringComparer.Ordinal), id));
        }

        return null;
    }

    private async Task<Dictionary<string, Explanation>> ExplainAsync(List<string> userIds)
    {
        var ids = userIds.Distinct(StringComparer.Ordinal).ToList();
        var explanations = await Task.WhenAll(ids.Select(async userId => await owners.Of(userId).ExplainAsync()));
        return ids.Zip(explanations, KeyValuePair.Create).ToDictionary(StringComparer.Ordinal);
    }

    private ProtocolError? Check(Session session, List<string> userIds)
    {
        if (CheckAllowed(session, userIds) is { } error)
        {
            return error;
        }

        // Usually nobody comes near the limit, so the ids are counted once each only when it matters.
        if (session.SubscriptionCount + userIds.Count <= options.MaxSubscriptionsPerConnection)
        {
            return null;
        }

        var more = userIds.Where(userId => !session.IsSubscribed(userId)).Distinct(StringComparer.Ordinal).Count();
        return session.SubscriptionCount + more > options.MaxSubscriptionsPerConnection
            ? ProtocolError.Limit("MaxSubscriptionsPerConnection", options.MaxSubscriptionsPerConnection)
            : null;
    }

    /// <summary>A token may restrict whom its bearer watches; asking again and again is watching too.</summary>
    private static ProtocolError? CheckAllowed(Session session, List<string> userIds)
    {
        if (session.Identity.Watch is not { } allowed)
        {
            return null;
        }

        var refused = Enumerable.Range(0, userIds.Count).Where(i => userIds[i] != session.UserId && !allowed.Contains(userIds[i])).ToList();
        return refused.Count == 0 ? null : ProtocolError.Forbidden() with { Refused = refused };
    }

    private List<UserEntry> Add(Session session, List<string> userIds, List<string> added)
    {
        var asked = new List<UserEntry>(userIds.Count);
        foreach (var userId in userIds)
        {
            var subscription = session.Find(userId);
            if (subscription is null)
            {
                subscription = userId == session.UserId ? session.Self : Subscribe(userId, session);
                session.Add(subscription);
                added.Add(userId);
            }

            asked.Add(subscription.User);
        }

        return asked;
    }

    private Subscription Subscribe(string userId, Session session) =>
        users.Subscribe(userId, session.Connection.Output, isOwn: false, session.UserId);

    private async Task KnowAllAsync(List<UserEntry> asked, Session session)
    {
        List<Task>? calls = null;
        foreach (var entry in asked)
        {
            var call = entry == session.Self.User ? users.EnsureKnownAsync(entry) : users.EnsureShownAsync(entry, session.UserId);
            if (!call.IsCompletedSuccessfully)
            {
                (calls ??= []).Add(call);
            }
        }

        if (calls is not null)
        {
            await Task.WhenAll(calls);
        }
    }
}
