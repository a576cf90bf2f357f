using Presence.Grains.Rules.Users;

namespace Presence.Grains;

internal sealed partial class UserPresenceGrain
{
    private void Publish(in Step step)
    {
        if (step.CameOnline || step.PolicyChanged)
        {
            // Whoever comes into sight, or shows itself to others than before, is shown to every sink, so no interest that was lost with an activation can matter.
            FillSinks();
        }

        if (step.Replaced is { } replaced)
        {
            shared.Outbox.Enqueue(replaced.Life, new ConnectionReplaced(replaced.ConnectionId));
        }

        if (step.PublicChanged)
        {
            shared.Metrics.Changed();
            PublishToOthers(new(UserId, _public, Own: null, _views));
        }

        if (step.PublicChanged || step.OwnChanged)
        {
            PublishToOwn(new(
                UserId, step.PublicChanged ? _public : null, step.OwnChanged ? Views.Own(_state, UserId) : null, _views));
        }
    }

    private void PublishToOthers(PresenceChanged change)
    {
        foreach (var sink in _sinks)
        {
            if (!ConnectionRules.Holds(_state.Devices, sink) && !shared.Outbox.Enqueue(sink, change))
            {
                _sinks = _sinks.Remove(sink);
            }
        }
    }

    // Once to every gateway with a connection of this user, watching or not.
    private void PublishToOwn(PresenceChanged change)
    {
        var devices = _state.Devices;
        for (var i = 0; i < devices.Length; i++)
        {
            if (!ConnectionRules.Holds(devices.AsSpan(0, i), devices[i].Life))
            {
                shared.Outbox.Enqueue(devices[i].Life, change);
            }
        }
    }

    private void FillSinks()
    {
        var live = shared.Sinks.Live;
        if (_sinks == live)
        {
            return;
        }

        // Sinks that only another silo knows stay.
        var all = live;
        foreach (var sink in _sinks)
        {
            all = all.Contains(sink) ? all : all.Add(sink);
        }

        _sinks = all;
    }
}
