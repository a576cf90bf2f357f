using System.Diagnostics;

namespace Presence.Harness;

/// <summary>Waits for what has no event: asks again and again.</summary>
public static class Until
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(Func<bool> isTrue, TimeSpan deadline, Func<string> describe) =>
        TrueAsync(() => Task.FromResult(isTrue()), deadline, describe);

    /// <param name="isTrue">Asked until it is.</param>
    /// <param name="deadline">From now.</param>
    /// <param name="describe">What was awaited and what there is instead, for the message.</param>
    public static async Task TrueAsync(Func<Task<bool>> isTrue, TimeSpan deadline, Func<string> describe)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Step);
        while (!await isTrue())
        {
            if (Stopwatch.GetElapsedTime(began) > deadline)
            {
                throw new TimeoutException($"{describe()} (waited {deadline.TotalSeconds} s)");
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
