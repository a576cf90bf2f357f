using Microsoft.Extensions.Hosting;

namespace Presence.Grains.Settings;

/// <summary>Options whose settings must also fit each other.</summary>
public interface ICheckedOptions
{
    /// <summary>Adds every rule that is broken, after all settings were read. Never adds a secret.</summary>
    /// <param name="errors">Also tells which keys were wrong by themselves: those hold their defaults here.</param>
    /// <param name="environment">Some values are refused in Production.</param>
    void Check(SettingsErrors errors, IHostEnvironment environment);
}
