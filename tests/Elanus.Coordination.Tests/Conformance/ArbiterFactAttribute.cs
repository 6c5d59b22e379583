using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Elanus.Coordination.Tests.Conformance;

/// <summary>A test that is inherited by the suite of each store, and skipped in those whose class says that what it <see cref="NeedsAttribute"/> is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Elanus.Coordination.Tests.Conformance.ArbiterFactDiscoverer", "Elanus.Coordination.Tests")]
public sealed class ArbiterFactAttribute : FactAttribute;

/// <summary>The program, by its name, without which no test of a class can run.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(string program) : Attribute
{
    public string Program { get; } = program;
}

public sealed class ArbiterFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new ArbiterTestCase(diagnostics, discoveryOptions.MethodDisplayOrDefault(), testMethod)];
}

public sealed class ArbiterTestCase : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the deserializer alone.")]
    public ArbiterTestCase()
    {
    }

    public ArbiterTestCase(IMessageSink diagnostics, TestMethodDisplay display, ITestMethod method)
        : base(diagnostics, display, TestMethodDisplayOptions.None, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute)).FirstOrDefault() is { } needs
            ? Programs.WhyMissing(needs.GetNamedArgument<string>(nameof(NeedsAttribute.Program)))
            : base.GetSkipReason(factAttribute);
}
