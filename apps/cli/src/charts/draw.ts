import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import plot from "simple-ascii-chart";
import type { StepChart } from "./step-chart.ts";

/** The first series in characters; a single point needs no picture. */
export function terminalChart({ title, x, y, series }: StepChart): string {
  const [{ points }] = series;
  if (points.length < 2) return "";
  const line = points.map(([at, value]): [number, number] => [at, value]);
  const options = { width: 72, height: 12, title: `${title} (${y})`, xLabel: x };
  const drawn = plot(line, { ...options, formatter: (value) => Number(value.toPrecision(3)) });
  return `${drawn
    .split("\n")
    .map((row) => row.trimEnd())
    .join("\n")
    .trim()}\n`;
}

/** Writes a chart as an SVG file and gives its path. */
export async function writeSvg(folder: string, name: string, chart: StepChart): Promise<string> {
  // Half a second to load, and only needed here.
  const echarts = await import("echarts");
  const drawing = echarts.init(null, null, { renderer: "svg", ssr: true, width: 960, height: 480 });
  try {
    drawing.setOption({
      animation: false,
      title: { text: chart.title, left: "center" },
      legend: { bottom: 0, show: chart.series.length > 1 },
      grid: { left: 70, right: 30, bottom: chart.names ? 120 : 70 },
      xAxis: chart.names
        ? { type: "category", data: [...chart.names], axisLabel: { rotate: 60, fontSize: 9 } }
        : { type: "value", name: chart.x, nameLocation: "middle", nameGap: 30, scale: true },
      yAxis: { type: "value", name: chart.y, scale: chart.names === undefined },
      series: chart.series.map(({ name, step, points }) => ({
        ...{ name, step, type: "line" as const, symbol: chart.names ? "none" : "circle" },
        data: chart.names ? points.map(([, value]) => value) : points.map((point) => [...point]),
      })),
    });
    const path = join(folder, `${name}.svg`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, drawing.renderToSVGString());
    return path;
  } finally {
    drawing.dispose();
  }
}
