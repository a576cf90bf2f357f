using System.Reflection;
using Orleans.Concurrency;
using Xunit;

namespace Presence.Architecture.Tests;

/// <summary>
/// contracts.txt: all that travels between processes or is stored. Processes of two versions run side by side during an upgrade, and a store
/// outlives many: lines may be added, none may change or go.
/// </summary>
public class ContractsTests
{
    private static readonly string[] Kept = File.ReadAllLines(Path.Combine(Repository.Root, "tests/Architecture.Tests/contracts.txt"));

    [Fact]
    public void Contracts_AreThoseOfTheList() => Compare.Same(Lines(), Kept, "tests/Architecture.Tests/contracts.txt");

    [Fact]
    public void Contracts_EachHasAnAlias() => Compare.None(
        from type in Contracts()
        where type.GetCustomAttribute<AliasAttribute>(inherit: false) is null
        select $"{type}: needs [Alias], or renaming it would break running processes");

    [Fact]
    public void Methods_EachHasAnAlias() => Compare.None(
        from type in Contracts()
        where type.IsInterface
        from method in type.GetMethods()
        where method.GetCustomAttribute<AliasAttribute>(inherit: false) is null
        select $"{type}.{method.Name}: needs [Alias]");

    [Fact]
    public void Aliases_EachNamesOne() => Compare.None(
        from type in Contracts()
        group type by Alias(type) into same
        where same.Count() > 1
        select $"{same.Key} names {string.Join(" and ", same)}");

    private static IEnumerable<Type> Contracts() =>
        from assembly in Repository.Assemblies
        from type in assembly.GetTypes()
        where type.Namespace?.StartsWith("OrleansCodeGen", StringComparison.Ordinal) == false
        where type.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false) is not null
            || (type.IsInterface && type.IsAssignableTo(typeof(IAddressable)))
        where !type.IsEnum && type.GetCustomAttribute<System.CodeDom.Compiler.GeneratedCodeAttribute>() is null
        select type;

    private static IEnumerable<string> Lines() =>
        Contracts().SelectMany(type => type.IsInterface ? MethodsOf(type) : MembersOf(type)).Concat(EnumValues());

    private static IEnumerable<string> EnumValues() =>
        from type in typeof(Presence.Grains.PresenceStatus).Assembly.GetTypes()
        where type.IsEnum && type.Namespace == "Presence.Grains"
        from value in Enum.GetValuesAsUnderlyingType(type).Cast<object>()
        select $"{type.Name}.{Enum.GetName(type, value)} = {value}";

    private static IEnumerable<string> MethodsOf(Type type) =>
        from method in type.GetMethods()
        let parameters = string.Join(", ", method.GetParameters().Select(parameter => Name(parameter.ParameterType)))
        let oneWay = method.GetCustomAttribute<OneWayAttribute>() is null ? "" : " one-way"
        select $"{Alias(type)}.{Alias(method)}({parameters}): {Name(method.ReturnType)}{oneWay}";

    private static IEnumerable<string> MembersOf(Type type) =>
        from member in type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        let id = member.GetCustomAttribute<IdAttribute>()
        where id is not null
        let memberType = member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType
        select $"{Alias(type)}[{id.Id}] {member.Name}: {Name(memberType)}";

    private static string Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? member.Name;

    private static string Name(Type type) => type switch
    {
        { IsArray: true } => Name(type.GetElementType()!) + "[]",
        { IsGenericType: true } => $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ when type.GetCustomAttribute<AliasAttribute>(inherit: false) is { } alias => alias.Alias,
        _ => type.Name,
    };
}
