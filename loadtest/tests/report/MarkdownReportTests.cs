using System.IO;
using Memcachier.LoadTest.Report;
using Xunit;

namespace Memcachier.LoadTest.Tests.Report;

public sealed class MarkdownReportTests
{
    [Fact]
    public void The_report_is_this_one()
    {
        using var output = new StringWriter();
        MarkdownReport.Write(SampleRun.Full(), output);
        Assert.Equal(
            """
            ### Load test: failed

            | operation | requests | requests/s | misses | p50 | p90 | p95 | p99 | p99.9 | p99.99 | max |
            | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            | get | 366 | 92 | 9.84% | 146 µs | 183 µs | 187 µs | 191 µs | 193 µs | 193 µs | 193 µs |
            | set | 40 | 10 | - | 500 µs | 500 µs | 500 µs | 500 µs | 500 µs | 500 µs | 500 µs |
            | all | 406 | 102 | 9.84% | 151 µs | 193 µs | 500 µs | 500 µs | 500 µs | 500 µs | 500 µs |

            - elapsed: 4.000 s
            - requests/s: 102 of 1000 asked for
            - values: 0.0 MB/s read, 0.0 MB/s written
            - misses: 9.84%
            - client CPU: 30%, 95%
            - errors: 1
            - errors of the preload: 1
            - **warning**: the client is the bottleneck: 1 of 2 threads used up to 95% of a processor; use more --threads or a lower --rate

            #### Limits

            | fails if | measured | result |
            | --- | --- | --- |
            | p99\>5ms | 500 µs | passed |
            | errors\>0 | 1 | failed |

            #### Errors

            | error | count | the first one |
            | --- | --- | --- |
            | server error | 1 | SERVER\_ERROR \<b\>out\|of\\memory\</b\> \& "more" |

            #### Errors of the preload

            | error | count | the first one |
            | --- | --- | --- |
            | server error | 1 | SERVER\_ERROR \<b\>out\|of\\memory\</b\> \& "more" |

            <details><summary>Settings</summary>

            | setting | value |
            | --- | --- |
            | server | 127.0.0.1:11211 |
            | protocol | text |
            | threads | 1 |
            | connections | 8 |
            | depth | 1 |
            | rate | 1000 |
            | duration seconds | 10 |
            | warm up seconds | 1 |
            | preload | yes |
            | keys | 100000 |
            | key size | 16 |
            | key dist | uniform |
            | value size | fixed:100 |
            | mix | get=9,set=1 |
            | ttl seconds | 0 |
            | verify | no |
            | timeout seconds | 5 |
            | seed | 1 |

            </details>

            """,
            output.ToString());
    }

    [Fact]
    public void A_scenario_has_its_name_and_its_simulations()
    {
        using var output = new StringWriter();
        MarkdownReport.Write(SampleRun.Document(SampleRun.Spike(), SampleRun.SpikeSettings), output);
        Assert.StartsWith(
            """
            ### Load test “a \<spike\>”

            | operation | requests | requests/s | misses | p50 | p90 | p95 | p99 | p99.9 | p99.99 | max |
            | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            | get | 720 | 120 | 10.00% | 160 µs | 299 µs | 335 µs | 364 µs | 370 µs | 370 µs | 370 µs |
            | add | 60 | 10 | - | 500 µs | 500 µs | 500 µs | 500 µs | 500 µs | 500 µs | 500 µs |
            | all | 780 | 130 | 10.00% | 165 µs | 352 µs | 500 µs | 500 µs | 500 µs | 500 µs | 500 µs |
            | connect | 2 | 0 | - | 1.00 ms | 2.00 ms | 2.00 ms | 2.00 ms | 2.00 ms | 2.00 ms | 2.00 ms |

            - elapsed: 6.000 s
            - requests/s: 130
            - values: 0.0 MB/s read, 0.0 MB/s written
            - misses: 10.00%
            - client CPU: 30%
            - not stored: 12 add
            - verified: 648 hits, 2 counters, 1 gone
            - errors: 0
            - **warning**: 1 counter is gone, evicted or deleted: nothing is known of its updates

            #### Load simulations

            | simulation | requests | requests/s | misses | p50 | p90 | p95 | p99 | p99.9 | p99.99 | max |
            | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            | before | 200 | 100 | 10.00% | 150 µs | 190 µs | 500 µs | 500 µs | 500 µs | 500 µs | 500 µs |
            | spike\| | 280 | 280 | 10.00% | 240 µs | 352 µs | 367 µs | 500 µs | 500 µs | 500 µs | 500 µs |
            | after | 300 | 100 | 10.00% | 150 µs | 190 µs | 500 µs | 500 µs | 500 µs | 500 µs | 500 µs |

            """,
            output.ToString());
    }
}
