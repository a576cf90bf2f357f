using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Presence.Grains.Settings;

/// <summary>The settings of one process, read and checked as a whole before anything listens.</summary>
public sealed class PresenceSettings
{
    /// <summary>The configuration section that holds every setting.</summary>
    public const string Section = "Presence";

    private readonly Dictionary<Type, object> _options;

    private PresenceSettings(Dictionary<Type, object> options, IReadOnlyList<EffectiveSetting> all, IReadOnlyList<string> warnings)
    {
        _options = options;
        All = all;
        Warnings = warnings;
    }

    /// <summary>Every setting of this process as it is in force, by its key; secrets are hidden.</summary>
    public IReadOnlyList<EffectiveSetting> All { get; }

    /// <summary>One line for each key under <c>Presence</c> that is not a setting. Logged when the host starts.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The options objects, by their classes.</summary>
    public IReadOnlyDictionary<Type, object> Options => _options;

    /// <summary>Reads all options classes of a process.</summary>
    /// <param name="configuration">The whole configuration, not a section of it.</param>
    /// <param name="environment">Some values are refused in Production.</param>
    /// <param name="types">
    /// The options classes: settings are their public properties, defaults are what a new object holds. Keys that belong to none of
    /// them are warned of, so give all that the process uses.
    /// </param>
    /// <exception cref="SettingsException">Settings are wrong; it names all of them.</exception>
    public static PresenceSettings Read(IConfiguration configuration, IHostEnvironment environment, params IEnumerable<Type> types) =>
        Read(configuration, environment, types, []);

    /// <summary>Reads all options classes of a process that shares its configuration with other programs.</summary>
    /// <param name="configuration">The whole configuration, not a section of it.</param>
    /// <param name="environment">Some values are refused in Production.</param>
    /// <param name="types">The options classes of this process.</param>
    /// <param name="others">The keys of the other programs, which are not warned of.</param>
    /// <exception cref="SettingsException">Settings are wrong; it names all of them.</exception>
    public static PresenceSettings Read(
        IConfiguration configuration, IHostEnvironment environment, IEnumerable<Type> types, IEnumerable<string> others)
    {
        var errors = new SettingsErrors();
        var reader = new OptionsReader(configuration, errors);
        var options = types.Distinct().ToDictionary(type => type, reader.Read);

        KeyRules.Check(reader.Values, errors);
        foreach (var checkedOptions in options.Values.OfType<ICheckedOptions>())
        {
            checkedOptions.Check(errors, environment);
        }

        return errors.Lines.Count == 0
            ? new(
                options,
                [.. reader.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal)],
                UnknownKeys.Find(configuration, [.. reader.Values.Keys, .. others], [.. reader.Lists, .. others]))
            : throw new SettingsException(errors.Lines);
    }

    /// <summary>The options of one class that was read.</summary>
    public T Get<T>()
        where T : class => (T)_options[typeof(T)];
}
