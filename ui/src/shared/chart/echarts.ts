/** The parts of ECharts that our charts use; loaded when a chart is first needed, never at the start. */
import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export type { EChartsCoreOption, EChartsType };
export const begin = (on: HTMLElement): EChartsType => init(on, null, { renderer: "svg" });
