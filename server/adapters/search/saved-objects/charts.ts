import { type Bucket, type Metric, numbered } from './aggregations.ts';
import type { SavedObject } from './model.ts';
import { type About, overAlias } from './visualization.ts';

interface ChartOptions {
  /** What runs along the bottom. */
  readonly x: Bucket;
  /** What splits a bar or line into several. */
  readonly split?: readonly Bucket[];
  /** The unit, at the left. */
  readonly axis: string;
  /** On top of each other (what adds up), or beside; bars stand on each other by default, lines do not. */
  readonly mode?: 'stacked' | 'normal';
}

/** Bars or lines, as Dashboards' own charts ask for them: axes, and how each metric is drawn. */
function chart(
  type: 'histogram' | 'line',
  about: About,
  metrics: readonly Metric[],
  { x, split = [], axis, mode = type === 'line' ? 'normal' : 'stacked' }: ChartOptions,
): SavedObject {
  const params = {
    type,
    grid: { categoryLines: false },
    categoryAxes: [
      {
        id: 'CategoryAxis-1',
        type: 'category',
        position: 'bottom',
        show: true,
        style: {},
        scale: { type: 'linear' },
        labels: { show: true, filter: true, truncate: 100 },
        title: {},
      },
    ],
    valueAxes: [
      {
        id: 'ValueAxis-1',
        name: 'LeftAxis-1',
        type: 'value',
        position: 'left',
        show: true,
        style: {},
        scale: { type: 'linear', mode: 'normal' },
        labels: { show: true, rotate: 0, filter: false, truncate: 100 },
        title: { text: axis },
      },
    ],
    seriesParams: metrics.map(({ label }, i) => ({
      show: true,
      type,
      mode,
      data: { id: String(i + 1), label },
      valueAxis: 'ValueAxis-1',
      drawLinesBetweenPoints: true,
      lineWidth: 2,
      interpolate: 'linear',
      showCircles: true,
    })),
    addTooltip: true,
    addLegend: true,
    legendPosition: 'right',
    times: [],
    addTimeMarker: false,
    labels: { show: false },
    thresholdLine: { show: false, value: 10, width: 1, style: 'full', color: '#E7664C' },
  };
  // Over time, the splits come first: the largest of the whole range are shown, and not others in each step.
  const splits = split.map((one) => ['group', one] as const);
  const along = ['segment', x] as const;
  const buckets = x.type === 'date_histogram' ? [...splits, along] : [along, ...splits];
  return overAlias(about, type, params, numbered(metrics, buckets));
}

/** Upright bars. */
export const bars = (about: About, metrics: readonly Metric[], options: ChartOptions): SavedObject =>
  chart('histogram', about, metrics, options);

/** Lines. */
export const lines = (about: About, metrics: readonly Metric[], options: ChartOptions): SavedObject =>
  chart('line', about, metrics, options);
