using System.Diagnostics;

namespace Presence.Client.Tests.Harness;

/// <summary>Waits for what it names, and says so when it never comes.</summary>
internal static class Wait
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static Task UntilAsync(string what, Func<bool> holds, TimeSpan? deadline = null) =>
        UntilAsync(what, () => Task.FromResult(holds()), deadline);

    public static async Task UntilAsync(string what, Func<Task<bool>> holds, TimeSpan? deadline = null)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(began) > (deadline ?? Deadline))
            {
                throw new TimeoutException($"Waited {deadline ?? Deadline} for: {what}");
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
