import { join } from "node:path";
import plot from "simple-ascii-chart";
import type { Io } from "../io.ts";
import { writeFile } from "../write-file.ts";
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

/** Writes a chart as an SVG file into a folder that is there, and says where. @throws `argument.name` */
export async function saveSvg(io: Io, folder: string, name: string, chart: StepChart): Promise<void> {
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
    writeFile("--svg", path, drawing.renderToSVGString());
    io.err(`leanconv: wrote ${path}\n`);
  } finally {
    drawing.dispose();
  }
}
