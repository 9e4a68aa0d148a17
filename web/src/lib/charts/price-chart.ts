import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { ComputedIndicatorJson, IndicatorJson } from '../api/contract.ts';
import { price as priceText } from '../format/number.ts';
import { chartLook, colour } from '../parts/chart-look.ts';
import type { ShownBar } from './chart-data.svelte.ts';
import type { Timeframe } from './chart-settings.svelte.ts';
import { seriesColour } from './series-colours.ts';
import { snapped } from './tick.ts';

/** What the chart marks at a bar; `id` is told when it is pressed. */
export interface ChartMark {
  readonly id: string;
  /** On the axis, in seconds. */
  readonly time: number;
  readonly kind: 'signal' | 'order' | 'buy' | 'sell';
  readonly text: string;
}

/** A line across the prices. */
export interface DrawnLine {
  readonly id: string;
  readonly price: string;
  readonly colour: string;
  readonly dashed: boolean;
}

type AnySeries = ISeriesApi<'Line'> | ISeriesApi<'Histogram'>;
const at = (time: number): UTCTimestamp => time as UTCTimestamp;

/** A figure on a scale: to the cent from a dollar up, as the venues' grid is. */
const figure = (value: number): string => priceText(Number(value.toFixed(Math.abs(value) >= 1 ? 2 : 4)).toString());

/** Whether a line stops or goes on there after a gap: the library would draw it through the gap. */
function isEdge(values: readonly (number | null)[], i: number): boolean {
  const [before, after] = [values[i - 1], values[i + 1]];
  const goesOn = before === null && values.slice(0, i).some((value) => value !== null);
  const stops = after === null && values.slice(i + 1).some((value) => value !== null);
  return goesOn || stops;
}

/** The chart itself: a picture that is told what to show. It is made anew where colours or the zone change. */
export class PriceChart {
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<'Candlestick'>;
  readonly #volume: ISeriesApi<'Histogram'>;
  readonly #markers: ReturnType<typeof createSeriesMarkers<Time>>;
  readonly #lines = new Map<string, ReturnType<ISeriesApi<'Candlestick'>['createPriceLine']>>();
  #indicators: { name: string; series: AnySeries[] }[] = [];
  #shownNames = '';
  #times: readonly number[] = [];
  #lineRange: readonly number[] = [];
  /** Whether the scale followed the prices before it was held; null: it is not held. */
  #scaled: boolean | null = null;

  constructor(
    element: HTMLElement,
    look: {
      zone: string;
      timeframe: Timeframe;
      onlayout: () => void;
      onneedolder: () => void;
      onmark: (id: string) => void;
    },
  ) {
    // A day has its date in every zone.
    const base = chartLook(look.timeframe === '1d' ? 'UTC' : look.zone);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#chart = createChart(element, {
      ...base,
      timeScale: { ...base.timeScale, timeVisible: look.timeframe !== '1d', rightOffset: 6, minBarSpacing: 1 },
      ...(still ? { kineticScroll: { mouse: false, touch: false } } : {}),
    });
    const [rising, falling] = [colour('--profit'), colour('--loss')];
    this.#candles = this.#chart.addSeries(CandlestickSeries, {
      upColor: rising,
      downColor: falling,
      wickUpColor: rising,
      wickDownColor: falling,
      borderVisible: false,
      priceFormat: { type: 'custom', minMove: 0.0001, formatter: figure },
      autoscaleInfoProvider: (original: () => { priceRange: { minValue: number; maxValue: number } | null } | null) => {
        const info = original();
        if (!info?.priceRange) return info;
        // Lines near the prices are kept in sight; one far away must not press the bars flat.
        const { minValue, maxValue } = info.priceRange;
        const room = Math.max((maxValue - minValue) * 1.5, maxValue * 0.015);
        const near = this.#lineRange.filter((price) => price > minValue - room && price < maxValue + room);
        return {
          ...info,
          priceRange: { minValue: Math.min(minValue, ...near), maxValue: Math.max(maxValue, ...near) },
        };
      },
    });
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume',
      priceFormat: { type: 'volume' },
      color: colour('--line-strong', 0.45),
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    this.#candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.22 } });
    this.#markers = createSeriesMarkers(this.#candles, [], { zOrder: 'aboveSeries' });
    // Told of every drawing: where prices stand may have changed.
    this.#candles.attachPrimitive({ updateAllViews: () => look.onlayout() });
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range && range.from < 20 && this.#times.length > 0) look.onneedolder();
    });
    this.#chart.subscribeClick(({ hoveredObjectId }) => {
      if (typeof hoveredObjectId === 'string') look.onmark(hoveredObjectId);
    });
  }

  /** All bars; `whole`: they are other ones, and the newest are brought into sight. */
  setBars(bars: readonly ShownBar[], whole: boolean): void {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    const before = this.#times;
    this.#times = bars.map(({ time }) => time);
    this.#candles.setData(bars.map(({ time, open, high, low, close }) => ({ time: at(time), open, high, low, close })));
    this.#volume.setData(bars.map(({ time, volume }) => ({ time: at(time), value: volume })));
    if (whole) {
      const shown = Math.min(bars.length, Math.max(40, Math.floor(this.#chart.timeScale().width() / 8)));
      this.#chart.timeScale().setVisibleLogicalRange({ from: bars.length - shown, to: bars.length + 5 });
    } else if (range && before.length > 0) {
      // Older bars come in front of what is looked at; a newer one is followed by whoever looks at the newest.
      const older = Math.max(0, this.#times.indexOf(before[0]!));
      const newer = range.to >= before.length - 1 ? Math.max(0, bars.length - older - before.length) : 0;
      this.#chart
        .timeScale()
        .setVisibleLogicalRange({ from: range.from + older + newer, to: range.to + older + newer });
    }
  }

  /** The newest bar alone. */
  update({ time, open, high, low, close, volume }: ShownBar): void {
    if (time < (this.#times.at(-1) ?? 0)) return;
    this.#candles.update({ time: at(time), open, high, low, close });
    this.#volume.update({ time: at(time), value: volume });
  }

  setIndicators(computed: readonly ComputedIndicatorJson[], known: readonly IndicatorJson[]): void {
    const names = computed.map(({ name }) => name).join(',');
    if (names !== this.#shownNames) {
      for (const { series } of this.#indicators.reverse()) for (const one of series) this.#chart.removeSeries(one);
      let pane = 0;
      let colours = 0;
      this.#indicators = computed.map(({ name, key }) => {
        const indicator = known.find((one) => one.key === key);
        const paneIndex = indicator?.place === 'pane' ? ++pane : 0;
        const series = (indicator?.lines ?? []).map((line, index): AnySeries => {
          // The lines of a band are one colour.
          const own = colour(seriesColour(indicator?.place === 'overlay' ? colours : colours + index));
          const shared = {
            lastValueVisible: paneIndex > 0,
            priceLineVisible: false,
            priceFormat: { type: 'custom', minMove: 0.0001, formatter: figure } as const,
          };
          return line.kind === 'histogram'
            ? this.#chart.addSeries(
                HistogramSeries,
                { ...shared, color: colour('--line-strong', 0.6), lastValueVisible: false },
                paneIndex,
              )
            : this.#chart.addSeries(
                LineSeries,
                { ...shared, color: own, lineWidth: 1, crosshairMarkerVisible: false },
                paneIndex,
              );
        });
        colours += indicator?.place === 'pane' ? series.length : 1;
        for (const level of indicator?.levels ?? []) {
          series[0]?.createPriceLine({
            ...{ price: level, color: colour('--line-strong'), lineWidth: 1, lineStyle: LineStyle.Dotted },
            ...{ axisLabelVisible: false, title: '', lineVisible: true },
          });
        }
        return { name, series };
      });
      for (const [at, one] of this.#chart.panes().entries()) one.setStretchFactor(at === 0 ? 4 : 1);
      this.#shownNames = names;
    }
    for (const [which, { series }] of this.#indicators.entries()) {
      for (const [line, one] of series.entries()) {
        const values = computed[which]?.values[line] ?? [];
        one.setData(
          this.#times.map((time, i) => {
            const value = values[i] ?? null;
            if (value === null) return { time: at(time) };
            return isEdge(values, i) ? { time: at(time), value, color: 'transparent' } : { time: at(time), value };
          }),
        );
      }
    }
  }

  setMarks(marks: readonly ChartMark[]): void {
    const first = this.#times[0];
    const shown = first === undefined ? [] : marks.filter(({ time }) => time >= first);
    const look = {
      signal: colour('--accent'),
      order: colour('--ink-soft'),
      buy: colour('--ink'),
      sell: colour('--ink'),
    };
    this.#markers.setMarkers(
      shown
        .toSorted((a, b) => a.time - b.time)
        .map(
          ({ id, time, kind, text }): SeriesMarker<Time> => ({
            ...{ id, time: at(this.#barAt(time)), text, color: look[kind], size: 1 },
            position: kind === 'buy' ? 'belowBar' : 'aboveBar',
            shape: kind === 'buy' ? 'arrowUp' : kind === 'sell' ? 'arrowDown' : kind === 'signal' ? 'square' : 'circle',
          }),
        ),
    );
  }

  setLines(lines: readonly DrawnLine[]): void {
    this.#lineRange = lines.map(({ price }) => Number(price));
    for (const [id, line] of this.#lines) {
      if (lines.some((one) => one.id === id)) continue;
      this.#candles.removePriceLine(line);
      this.#lines.delete(id);
    }
    for (const { id, price, colour: name, dashed } of lines) {
      const options = {
        price: Number(price),
        color: colour(name),
        lineWidth: 1 as const,
        lineStyle: dashed ? LineStyle.Dashed : LineStyle.Solid,
        axisLabelVisible: true,
        title: '',
      };
      const known = this.#lines.get(id);
      if (known) known.applyOptions(options);
      else this.#lines.set(id, this.#candles.createPriceLine(options));
    }
  }

  /** How far from the top a price stands, in pixels; null: there is no scale yet. */
  yOf(price: string): number | null {
    return this.#candles.priceToCoordinate(Number(price));
  }

  /** The price on the grid so many pixels below another, above it where they are fewer than none; null: there is no scale yet. */
  priceBelow(price: string, pixels: number): string | null {
    const from = this.#candles.priceToCoordinate(Number(price));
    const to = from === null ? null : this.#candles.coordinateToPrice(from + pixels);
    return to === null ? null : snapped(to);
  }

  /** Keeps the scale of prices as it is, whatever comes meanwhile: a pixel is to stay the same money while a line is dragged. */
  holdScale(): void {
    const scale = this.#candles.priceScale();
    this.#scaled ??= scale.options().autoScale;
    scale.applyOptions({ autoScale: false });
  }

  /** Lets it follow the prices again, if it did before. */
  releaseScale(): void {
    if (this.#scaled !== null) this.#candles.priceScale().applyOptions({ autoScale: this.#scaled });
    this.#scaled = null;
  }

  /** How high the prices' pane is, and how wide it is without its scale. */
  get room(): { height: number; width: number } {
    return { height: this.#chart.panes()[0]?.getHeight() ?? 0, width: this.#chart.timeScale().width() };
  }

  remove(): void {
    this.#chart.remove();
  }

  /** The bar that a moment on the axis falls into. */
  #barAt(time: number): number {
    let [low, high] = [0, this.#times.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#times[middle]! <= time) low = middle;
      else high = middle - 1;
    }
    return this.#times[low] ?? time;
  }
}
