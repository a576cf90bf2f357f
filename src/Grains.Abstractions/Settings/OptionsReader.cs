using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Presence.Grains.Settings;

/// <summary>Reads options classes by their public properties. Used once, at start.</summary>
internal sealed class OptionsReader(IConfiguration configuration, SettingsErrors errors)
{
    private readonly Dictionary<string, object> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<EffectiveSetting> _settings = [];
    private readonly HashSet<string> _lists = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Each key with the value in force.</summary>
    public IReadOnlyDictionary<string, object> Values => _values;

    /// <summary>Each setting as it is in force.</summary>
    public IReadOnlyList<EffectiveSetting> Settings => _settings;

    /// <summary>The keys that hold a list, and so have numbered keys below them.</summary>
    public IReadOnlySet<string> Lists => _lists;

    /// <summary>The class's defaults, with every setting that was found and is right.</summary>
    public object Read(Type type)
    {
        var options = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanRead && p.CanWrite))
        {
            var section = configuration.GetSection(KeyOf(property));
            var usual = EffectiveSetting.Text(property.GetValue(options));
            if (property.PropertyType == typeof(string[]))
            {
                _lists.Add(section.Path);
                ReadList(section, property, options);
            }
            else if (property.PropertyType == typeof(IReadOnlyDictionary<string, int>))
            {
                ReadNumbers(section, property, options);
            }
            else if (section.Value is { } text && Parse(section.Path, text.Trim(), property) is { } value)
            {
                property.SetValue(options, value);
            }

            _values[section.Path] = property.GetValue(options)!;
            _settings.Add(Describe(section, property, options, usual));
        }

        return options;
    }

    /// <summary>The whole key of a setting, for example <c>Presence:Auth:Issuer</c>.</summary>
    public static string KeyOf(PropertyInfo property)
    {
        var section = property.ReflectedType!.GetCustomAttribute<SettingsSectionAttribute>()?.Path ?? PresenceSettings.Section;
        return ConfigurationPath.Combine(section, property.Name);
    }

    private static EffectiveSetting Describe(IConfigurationSection section, PropertyInfo property, object options, string usual)
    {
        var isSet = section.Exists();
        var isSecret = property.IsDefined(typeof(SecretAttribute));
        var value = isSecret ? isSet ? "set" : "not set" : EffectiveSetting.Text(property.GetValue(options));
        return new(section.Path, value, usual, isSet, isSecret);
    }

    private static void ReadList(IConfigurationSection section, PropertyInfo property, object options)
    {
        const StringSplitOptions Clean = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        string[] items =
        [
            .. section.GetChildren().Where(child => int.TryParse(child.Key, out _)).Select(child => child.Value).OfType<string>(),
        ];
        if (items.Length > 0)
        {
            property.SetValue(options, items);
        }
        else if (section.Value is { } text)
        {
            property.SetValue(options, text.Split(',', Clean));
        }
    }

    // Each name is a key of its own, and one of those that are known. Names are the same in any case, as all keys are.
    private void ReadNumbers(IConfigurationSection section, PropertyInfo property, object options)
    {
        if (section.Value is { } text)
        {
            errors.Add(section.Path, text, $"be a number for each name, such as {section.Path}:name");
        }

        var numbers = new Dictionary<string, int>((IReadOnlyDictionary<string, int>)property.GetValue(options)!);
        foreach (var child in section.GetChildren())
        {
            if (ParseNumber(child.Path, child.Value?.Trim() ?? "", property) is { } number)
            {
                _values[child.Path] = numbers[child.Key.ToLowerInvariant()] = number;
            }
        }

        property.SetValue(options, numbers);
    }

    private int? ParseNumber(string key, string text, PropertyInfo property)
    {
        var range = property.GetCustomAttribute<NumberAttribute>() ?? new(int.MinValue, int.MaxValue);
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= range.Min && number <= range.Max)
        {
            return number;
        }

        errors.Add(key, text, string.Create(CultureInfo.InvariantCulture, $"be a whole number from {range.Min} to {range.Max}"));
        return null;
    }

    private object? Parse(string key, string text, PropertyInfo property)
    {
        var type = property.PropertyType;
        if (type == typeof(string))
        {
            return text;
        }

        if (type == typeof(bool))
        {
            return bool.TryParse(text, out var isSet) ? isSet : Wrong("be true or false");
        }

        if (type == typeof(int))
        {
            return ParseNumber(key, text, property);
        }

        if (type == typeof(TimeSpan))
        {
            var range = property.GetCustomAttribute<DurationAttribute>() ?? new("0s", "24h");
            return Duration.TryParse(text, out var duration)
                && duration >= Duration.Parse(range.Min) && duration <= Duration.Parse(range.Max)
                ? duration
                : Wrong($"be a duration such as 10s or 00:00:10, from {range.Min} to {range.Max}");
        }

        // Names only: a number would also be taken by Enum.TryParse, even one without a name.
        var name = Array.Find(Enum.GetNames(type), name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return name is null ? Wrong($"be one of {string.Join(", ", Enum.GetNames(type))}") : Enum.Parse(type, name);

        object? Wrong(string rule)
        {
            errors.Add(key, text, rule);
            return null;
        }
    }
}
