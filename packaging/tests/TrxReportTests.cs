using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using Memcachier.Cli.Testing;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class TrxReportTests
{
    private const string Document = """
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
          <Results>
            <UnitTestResult testName="N.A" outcome="Passed">
              <Output><StdOut>noise
        measured: boot 81 ms
        </StdOut></Output>
            </UnitTestResult>
            <UnitTestResult testName="N.B" outcome="Failed">
              <Output><StdOut>[ 99 us] the guest's console</StdOut><ErrorInfo><Message>Assert.Equal() Failure
        one more line</Message><StackTrace>at N.B</StackTrace></ErrorInfo></Output>
            </UnitTestResult>
            <UnitTestResult testName="N.C" outcome="NotExecuted">
              <Output><ErrorInfo><Message>there is no /dev/kvm</Message></ErrorInfo></Output>
            </UnitTestResult>
            <UnitTestResult testName="N.D" outcome="Timeout" />
          </Results>
        </TestRun>
        """;

    [Fact]
    public void Results_have_names_outcomes_reasons_and_measurements()
    {
        IReadOnlyList<TestResult> results = TrxReport.Parse(XDocument.Parse(Document));
        Assert.Equal(["N.A", "N.B", "N.C", "N.D"], results.Select(result => result.Name));
        Assert.Equal(
            [TestOutcome.Passed, TestOutcome.Failed, TestOutcome.Skipped, TestOutcome.Failed],
            results.Select(result => result.Outcome));
        Assert.Equal(["boot 81 ms"], results[0].Measurements);
        Assert.Equal(
            "Assert.Equal() Failure\none more line\noutput:\n[ 99 us] the guest's console", results[1].Message);
        Assert.Equal("there is no /dev/kvm", results[2].Message);
    }

    [Theory]
    [InlineData(3, 0, 0, "3 passed, 0 failed", true)]
    [InlineData(3, 0, 2, "3 passed, 0 failed, 2 skipped", true)]
    [InlineData(3, 1, 0, "3 passed, 1 failed", false)]
    [InlineData(0, 0, 0, "0 passed, 0 failed", false)]
    [InlineData(0, 0, 4, "0 passed, 0 failed, 4 skipped", false)]
    public void The_last_line_counts_and_nothing_run_is_not_green(
        int passed, int failed, int skipped, string line, bool green)
    {
        IEnumerable<TestResult> results = Of(TestOutcome.Passed, passed)
            .Concat(Of(TestOutcome.Failed, failed)).Concat(Of(TestOutcome.Skipped, skipped));
        Assert.Equal((line, green), TestRun.Summary([.. results]));
    }

    [Theory]
    [InlineData(false, null, null)]
    [InlineData(true, null, "Category!=Long")]
    [InlineData(false, "Tcp", "FullyQualifiedName~Tcp")]
    [InlineData(true, "Tcp", "Category!=Long&FullyQualifiedName~Tcp")]
    [InlineData(true, "DisplayName~Kvm|DisplayName~Tcg", "Category!=Long&(DisplayName~Kvm|DisplayName~Tcg)")]
    public void Quick_leaves_the_long_tests_out(bool quick, string? name, string? filter) =>
        Assert.Equal(filter, TestRun.Filter(quick, name));

    private static IEnumerable<TestResult> Of(TestOutcome outcome, int count) =>
        Enumerable.Range(0, count).Select(i => new TestResult($"N.T{i}", outcome, "", []));
}
