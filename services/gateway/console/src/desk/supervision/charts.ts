/** Of ECharts only what the pages draw; loaded when the first chart is shown. */
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

export interface Series {
  name: string
  values: (number | null)[]
  /** What stands beside each value in the table, such as numerator and denominator. */
  notes: string[]
}

export interface Shown {
  kind: 'line' | 'bar'
  labels: string[]
  series: Series[]
}

export function begin(box: HTMLElement): EChartsType {
  return init(box)
}

/** Draw this in the page's own colours. */
export function draw(chart: EChartsType, { kind, labels, series }: Shown): void {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const lines = { axisLine: { lineStyle: { color: colour('--line') } }, splitLine: { lineStyle: { color: colour('--line') } }, axisLabel: { color: colour('--faint') } }
  const names = { ...lines, type: 'category' as const, data: labels, inverse: kind === 'bar' }
  const values = { ...lines, type: 'value' as const, min: 0, max: 100 }
  const symbols = ['circle', 'rect', 'triangle', 'diamond'] // lines are told apart without colour as well
  chart.setOption(
    {
      animation: false,
      color: [colour('--brand'), colour('--good'), colour('--warn'), colour('--bad')],
      textStyle: { fontFamily: 'inherit' },
      grid: { left: 8, right: 24, top: series.length > 1 ? 32 : 8, bottom: 8, containLabel: true },
      legend: { show: series.length > 1, top: 0, textStyle: { color: colour('--ink') } },
      tooltip: { trigger: 'axis' },
      xAxis: kind === 'bar' ? values : names,
      yAxis: kind === 'bar' ? names : values,
      series: series.map((one, at) => ({ name: one.name, type: kind, data: one.values, symbol: symbols[at % symbols.length], symbolSize: 8, barMaxWidth: 18 })),
    },
    { notMerge: true },
  )
}
