import { type ChartOptions, type DeepPartial, TickMarkType, type Time } from 'lightweight-charts';
import { calendarDate, clockTime } from '../format/time.ts';

/** Canvas knows no CSS variables and not every colour syntax: a pixel tells what a colour is. */
export function colour(name: string, alpha = 1): string {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return '#888';
  // A variable may hold light-dark() or another variable: an element that wears it knows what comes of it.
  const wearer = document.createElement('span');
  wearer.style.color = `var(${name})`;
  document.body.append(wearer);
  context.fillStyle = getComputedStyle(wearer).color;
  wearer.remove();
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

const isoOf = (time: Time): string => new Date(Number(time) * 1000).toISOString();

/** A chart in the page's colours and zone, as both are now. */
export const chartLook = (zone: string): DeepPartial<ChartOptions> => ({
  autoSize: true,
  layout: {
    background: { color: 'transparent' },
    textColor: colour('--ink-soft'),
    fontFamily: 'JetBrains Mono Variable, monospace',
    fontSize: 11,
    panes: { separatorColor: colour('--line'), enableResize: false },
    attributionLogo: true,
  },
  grid: { vertLines: { visible: false }, horzLines: { color: colour('--line') } },
  rightPriceScale: { borderVisible: false, entireTextOnly: true },
  timeScale: {
    borderColor: colour('--line'),
    timeVisible: true,
    secondsVisible: false,
    // The library counts in UTC; people read the zone of the page.
    tickMarkFormatter: (time: Time, kind: TickMarkType) =>
      kind >= TickMarkType.Time ? clockTime(isoOf(time), zone).slice(0, 5) : calendarDate(isoOf(time), zone),
  },
  localization: {
    locale: 'en-US',
    timeFormatter: (time: Time) => `${calendarDate(isoOf(time), zone)} ${clockTime(isoOf(time), zone)}`,
  },
  crosshair: {
    horzLine: { labelBackgroundColor: colour('--line-strong') },
    vertLine: { labelBackgroundColor: colour('--line-strong') },
  },
});
