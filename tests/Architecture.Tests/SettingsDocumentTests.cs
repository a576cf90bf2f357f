using System.Globalization;
using System.Reflection;
using Presence.Grains.Settings;
using Xunit;

namespace Presence.Architecture.Tests;

/// <summary>docs/settings.md: | key | default | range | meaning |.</summary>
public class SettingsDocumentTests
{
    private static readonly List<string[]> Rows = Repository.Rows("settings.md", "All settings");

    [Fact]
    public void Settings_EachHasOneRow() =>
        Compare.Same(Settings().Select(setting => setting.Key), Rows.Select(row => row[0]), "docs/settings.md");

    [Fact]
    public void Rows_NameTheDefaultsAndRangesOfTheCode() => Compare.None(
        from setting in Settings()
        join row in Rows on setting.Key equals row[0]
        from line in new[]
        {
            (What: "default", Row: row[1], Code: Default(setting.Property)),
            (What: "range", Row: row[2], Code: Range(setting.Property)),
        }
        where line.Row != line.Code
        select $"{setting.Key}: the {line.What} is \"{line.Code}\" in the code and \"{line.Row}\" in docs/settings.md");

    [Fact]
    public void DurationsAndNumbers_HaveARange() => Compare.None(
        from setting in Settings()
        where setting.Property.PropertyType == typeof(TimeSpan) || setting.Property.PropertyType == typeof(int)
        where Range(setting.Property).Length == 0
        select $"{setting.Key}: needs [Duration] or [Number]");

    [Fact]
    public void WhatSoundsLikeASecret_IsOne() => Compare.None(
        from setting in Settings()
        let name = setting.Property.Name
        where name.Contains("Secret", StringComparison.Ordinal) || name.Contains("Password", StringComparison.Ordinal)
            || name.EndsWith("Key", StringComparison.Ordinal) || name.EndsWith("Token", StringComparison.Ordinal) || name.Contains("Redis", StringComparison.Ordinal)
        where setting.Property.PropertyType != typeof(bool) && !setting.Property.IsDefined(typeof(SecretAttribute))
        select $"{setting.Key}: needs [Secret], or its value is shown to operators");

    [Theory]
    [InlineData("Gateway")]
    [InlineData("Silo")]
    public void ProgramKeys_AreThoseOfItsProgram(string project) => Compare.Same(
        Settings().Where(setting => setting.Property.ReflectedType!.Assembly.GetName().Name == $"Presence.{project}").Select(setting => setting.Key),
        project == "Gateway" ? ProgramKeys.Gateway : ProgramKeys.Silo,
        $"ProgramKeys.{project}");

    private static IEnumerable<(string Key, PropertyInfo Property)> Settings() =>
        from assembly in Repository.Assemblies
        from type in assembly.GetTypes()
        where type is { IsClass: true, IsAbstract: false, IsNested: false } && type.Name.EndsWith("Options", StringComparison.Ordinal)
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.CanWrite
        let section = type.GetCustomAttribute<SettingsSectionAttribute>()?.Path ?? PresenceSettings.Section
        select ($"{section}:{property.Name}", property);

    private static string Default(PropertyInfo property) => property.GetValue(Activator.CreateInstance(property.ReflectedType!)) switch
    {
        TimeSpan duration => Duration.Format(duration),
        bool flag => flag ? "true" : "false",
        "" or string[] { Length: 0 } => "empty",
        IReadOnlyDictionary<string, int> numbers => string.Join(", ", numbers.Select(number => $"{number.Key} {number.Value}")),
        string[] items => string.Join(',', items),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Range(PropertyInfo property) =>
        property.GetCustomAttribute<DurationAttribute>() is { } duration ? $"{duration.Min} to {duration.Max}"
        : property.GetCustomAttribute<NumberAttribute>() is { } number
            ? string.Create(CultureInfo.InvariantCulture, $"{number.Min} to {number.Max}")
        : property.PropertyType == typeof(bool) ? "true, false"
        : property.PropertyType.IsEnum ? string.Join(", ", Enum.GetNames(property.PropertyType))
        : "";
}
