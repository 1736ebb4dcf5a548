using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Exeunt.App.Platform;

/// <summary>Metrics and traces, sent by OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set; nothing otherwise.</summary>
public static class Telemetry
{
    public static readonly Meter Meter = new("Exeunt");
    public static readonly Counter<long> EffectsRun = Meter.CreateCounter<long>("exeunt.effects", description: "Effects carried out, by kind and result");

    public static void Add(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is not { Length: > 0 })
            return;
        services.AddHostedService<Exporter>();
    }

    private sealed class Exporter : IHostedService
    {
        private MeterProvider? _metrics;
        private TracerProvider? _traces;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _metrics = Sdk.CreateMeterProviderBuilder()
                .AddMeter("Exeunt", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddOtlpExporter().Build();
            _traces = Sdk.CreateTracerProviderBuilder().AddSource("Exeunt.Effects", "Microsoft.AspNetCore").AddOtlpExporter().Build();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _metrics?.Dispose();
            _traces?.Dispose();
            return Task.CompletedTask;
        }
    }
}
