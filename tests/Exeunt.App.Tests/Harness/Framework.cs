using System.Reflection;
using Exeunt.App.Tests.Harness;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Exeunt.App.Tests.Harness.Framework", "Exeunt.App.Tests")]

namespace Exeunt.App.Tests.Harness;

/// <summary>A fixture that cannot exist without a PostgreSQL server.</summary>
public interface INeedPostgres;

/// <summary>
/// xunit as it is, except that tests on PostgreSQL (a fixture that is <see cref="INeedPostgres"/>, or an argument
/// <see cref="Database.Postgres"/>) are reported as skipped where no server is named, so that plain [Fact] and [Theory] do.
/// </summary>
public sealed class Framework(IMessageSink sink) : XunitTestFramework(sink)
{
    private const string Reason = "EXEUNT_TEST_POSTGRES is not set; ./test starts a server and sets it";

    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private static bool NeedsPostgres(IXunitTestCase test) =>
        test.TestMethodArguments?.Contains(Database.Postgres) == true
        || test.TestMethod.TestClass.Class.ToRuntimeType().GetInterfaces()
            .SelectMany(i => i.GenericTypeArguments).Any(fixture => fixture.IsAssignableTo(typeof(INeedPostgres)));

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider source, IMessageSink sink)
        : XunitTestFrameworkExecutor(assembly, source, sink)
    {
        private static readonly PropertyInfo SkipReason = typeof(TestMethodTestCase).GetProperty("SkipReason")!;

        protected override void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            var all = testCases.ToList();
            if (Templates.Server is null)
                foreach (var test in all.Where(NeedsPostgres))
                    SkipReason.SetValue(test, Reason);
            base.RunTestCases(all, executionMessageSink, executionOptions);
        }
    }
}
