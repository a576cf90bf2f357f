using System.Diagnostics;
using Presence.Harness.Checking;

namespace Presence.Harness.Clients;

/// <summary>Ends a test of a crowd.</summary>
public static class Verdict
{
    /// <summary>
    /// Nobody changes any more: within the time all gateways, all subscribers and the model must agree, and nothing on the way there may
    /// have broken a promise.
    /// </summary>
    /// <returns>The whole record.</returns>
    public static async Task<History> ReachAsync(Crowd crowd, IReadOnlyList<IEndpoint> gateways, Bounds bounds, TimeSpan within)
    {
        var began = Stopwatch.GetTimestamp();
        crowd.StopToggling();
        await crowd.SettleAsync(within);
        var users = crowd.People.Select(person => person.User).ToHashSet();
        while (true)
        {
            var answers = await Reader.AskAsync(crowd.Recorder, gateways, users);
            var history = new History(crowd.Recorder.Entries, crowd.Recorder.Now);
            var violations = Checker.CheckEnd(history, bounds, answers);
            if (violations.Count == 0 || Stopwatch.GetElapsedTime(began) > within)
            {
                Checker.AssertNone([.. violations, .. Checker.CheckWay(history, bounds)]);
                return history;
            }
        }
    }
}
