using Memcachier.Kernel.Drivers.Virtio;

namespace Memcachier.Management.Metrics;

/// <summary>The network device's driver, and the management API itself.</summary>
public sealed partial class MetricsPage
{
    /// <summary>The network device.</summary>
    private bool TryWriteDevice(int index, ref MetricsWriter w)
    {
        VirtioNetCounters device = _sources.Device;
        return index switch
        {
            0 => DeviceFrames(ref w),
            1 => DeviceBytes(ref w),
            2 => w.Counter(
                "memcachier_device_malformed_frames_total"u8,
                "Frames of a length that cannot be."u8, device.MalformedFrames),
            3 => w.Counter(
                "memcachier_device_transmit_exhausted_total"u8,
                "How often no buffer was free to send with."u8, device.TransmitExhausted),
            4 => w.Counter(
                "memcachier_device_notifications_total"u8,
                "Notifications: each is an exit to the hypervisor."u8, device.Notifications),
            5 => w.Counter(
                "memcachier_device_notifications_repeated_total"u8,
                "Notifications repeated because nothing had happened."u8, device.RepeatedNotifications),
            6 => w.Counter(
                "memcachier_device_notifications_lost_total"u8,
                "Repeated notifications after which the device went on."u8, device.RepeatedNotificationsThatHelped),
            7 => w.Counter(
                "memcachier_device_arrivals_by_timer_total"u8,
                "Frames found by a timer although an interrupt was armed."u8, device.ArrivalsFoundByTimer),
            8 => w.Counter(
                "memcachier_device_failures_total"u8, "How often the device had to be given up."u8, device.Failures),
            9 => w.Counter(
                "memcachier_device_restarts_total"u8, "How often it worked again after that."u8, device.Restarts),
            _ => false,
        };
    }

    private bool DeviceFrames(ref MetricsWriter w)
    {
        VirtioNetCounters device = _sources.Device;
        w.Begin(MetricType.Counter, "memcachier_device_frames_total"u8, "Frames that the device carried."u8);
        w.Sample("direction=\"received\""u8, device.ReceivedFrames);
        w.Sample("direction=\"sent\""u8, device.SentFrames);
        return true;
    }

    private bool DeviceBytes(ref MetricsWriter w)
    {
        VirtioNetCounters device = _sources.Device;
        w.Begin(MetricType.Counter, "memcachier_device_bytes_total"u8, "Bytes of those."u8);
        w.Sample("direction=\"received\""u8, device.ReceivedBytes);
        w.Sample("direction=\"sent\""u8, device.SentBytes);
        return true;
    }

    /// <summary>The management API.</summary>
    private bool TryWriteHttp(int index, ref MetricsWriter w)
    {
        return index switch
        {
            0 => HttpAnswers(ref w),
            1 => w.Gauge(
                "memcachier_http_current_connections"u8,
                "Connections to the management API that are open now."u8, Http.Connections),
            2 => w.Counter(
                "memcachier_http_connections_total"u8,
                "Connections to the management API that were opened."u8, Http.ConnectionsAccepted),
            3 => w.Counter(
                "memcachier_http_connections_refused_total"u8,
                "Of those, the ones that were too many."u8, Http.ConnectionsRefused),
            4 => w.Counter(
                "memcachier_http_timeouts_total"u8,
                "Of those, the ones closed because the client took too long."u8, Http.Timeouts),
            5 => w.Counter(
                "memcachier_http_tokens_refused_total"u8,
                "Requests with a token that is not ours."u8, Http.TokensRefused),
            6 => HttpBytes(ref w),
            _ => false,
        };
    }

    private bool HttpAnswers(ref MetricsWriter w)
    {
        w.Begin(
            MetricType.Counter, "memcachier_http_answers_total"u8,
            "Answers of the management API, by the class of their status."u8);
        w.Sample("status=\"2xx\""u8, Http.Answers2xx);
        w.Sample("status=\"3xx\""u8, Http.Answers3xx);
        w.Sample("status=\"4xx\""u8, Http.Answers4xx);
        w.Sample("status=\"5xx\""u8, Http.Answers5xx);
        return true;
    }

    private bool HttpBytes(ref MetricsWriter w)
    {
        w.Begin(MetricType.Counter, "memcachier_http_bytes_total"u8, "Bytes of requests and of answers."u8);
        w.Sample("direction=\"received\""u8, Http.ReceivedBytes);
        w.Sample("direction=\"sent\""u8, Http.SentBytes);
        return true;
    }
}
