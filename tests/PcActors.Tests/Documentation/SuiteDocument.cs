using System.Globalization;
using System.Text;
using PcActors.Tests.Onnx;

namespace PcActors.Tests.Documentation;

/// <summary>The document of ONNX's newest suite, as it follows from the list of its tests.</summary>
internal static class SuiteDocument
{
    public const string File = "docs/onnx-suite.md";

    public static string Text()
    {
        var refused = SuiteList.Tests.Where(test => test.Reason is not null).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"""
            # ONNX's newest suite

            ONNX kept its node tests in its repository until August 2026. The newest commit that still has
            them is the one before "Remove node test artifacts (#7959)"; `onnx/backend/test/data/node` of that
            commit holds the tests counted here. They are not kept in this repository: the environment
            variable `{SuiteList.Variable}` names their folder.

            | | tests |
            |---|---|
            | pass | {SuiteList.Passed.Count} |
            | refused, and why | {refused.Count} |
            | wrong | none: a test that comes out wrong fails, and no list is written |

            A test passes when every output has its type, its shape and its numbers, within 1e-3 relative and
            1e-7 absolute. What is refused is refused by name:

            | why | tests |
            |---|---|

            """);
        foreach (var reason in refused.GroupBy(test => test.Reason!).OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            var names = string.Join(", ", reason.Select(test => test.Name["test_".Length..]));
            text.Append(CultureInfo.InvariantCulture,
                $"| {reason.Key.Replace("|", "\\|", StringComparison.Ordinal)} "
                + $"| <details><summary>{reason.Count()}</summary>{names}</details> |\n");
        }
        text.Append(CultureInfo.InvariantCulture,
            $"""

            To write this anew, set `{SuiteList.Variable}` and `PCACTORS_UPDATE_DOCS=1` and run `dotnet test
            tests/PcActors.Tests --settings tests/long.runsettings --filter The_list_of_the_suite`, then the
            tests of Documentation.

            """);
        return text.ToString().ReplaceLineEndings("\n");
    }
}
