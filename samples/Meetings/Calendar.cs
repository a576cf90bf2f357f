using Microsoft.Extensions.Hosting;
using Presence.Grains;

namespace Presence.Meetings;

/// <summary>A meeting that begins now.</summary>
internal sealed record Meeting(string[] Attendees, TimeSpan Length);

/// <summary>Shows the people of one meeting as busy while it lasts, and prints what each of them shows, until the program is stopped.</summary>
internal sealed class Calendar(IPresence presence, Meeting meeting) : BackgroundService
{
    private const string Source = "calendar";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var attendee in await presence.GetAsync(meeting.Attendees, stoppingToken))
        {
            Print("is", attendee);
        }

        await Task.WhenAll(WatchAsync(stoppingToken), MeetAsync(stoppingToken));
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var attendee in presence.WatchAsync(meeting.Attendees, cancellationToken))
        {
            Print("shows", attendee);
        }
    }

    private async Task MeetAsync(CancellationToken cancellationToken)
    {
        // It lapses a minute late by itself, should this process not be there any more to remove it.
        var claim = new PresenceClaim(Source, PresenceStatus.Busy, "In a meeting", DateTimeOffset.UtcNow + meeting.Length + TimeSpan.FromMinutes(1));
        await Task.WhenAll(meeting.Attendees.Select(attendee => presence.SetClaimAsync(attendee, claim)));
        try
        {
            await Task.Delay(meeting.Length, cancellationToken);
        }
        finally
        {
            await Task.WhenAll(meeting.Attendees.Select(attendee => presence.RemoveClaimAsync(attendee, Source)));
        }
    }

    private static void Print(string verb, UserPresence user) => Console.WriteLine($"{user.UserId} {verb} {user.Status} (version {user.Version})");
}
