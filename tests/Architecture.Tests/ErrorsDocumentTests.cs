using System.Globalization;
using System.Reflection;
using Xunit;

namespace Presence.Architecture.Tests;

/// <summary>docs/errors.md: one row for each constant of ErrorCodes and CloseCodes.</summary>
public class ErrorsDocumentTests
{
    [Theory]
    [InlineData("ErrorCodes", "Error codes")]
    [InlineData("CloseCodes", "Close codes")]
    public void Codes_EachHasOneRow(string typeName, string heading)
    {
        var fullName = "Presence.Gateway.Protocol." + typeName;
        var type = Repository.Assemblies.Select(assembly => assembly.GetType(fullName)).OfType<Type>().SingleOrDefault();
        Assert.True(type is not null, $"{fullName} is missing: its constants are what docs/errors.md explains.");

        var codes = type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)!);

        Compare.Same(codes, Repository.Rows("errors.md", heading).Select(row => row[0]), "docs/errors.md");
    }
}
