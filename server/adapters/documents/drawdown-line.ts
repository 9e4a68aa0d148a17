import type { Content } from 'pdfmake/interfaces.js';
import type { DrawdownFiguresJson } from '../../contract/index.ts';

const width = 515;
const height = 70;

/** The drawdown over time, zero at the top, with a dashed line at each step that the curve comes near; null: there is no curve. Floats only draw. */
export function drawdownLine({ curve, steps }: DrawdownFiguresJson): Content | null {
  if (curve.length < 2) return null;
  const times = curve.map(({ at }) => Date.parse(at));
  const [first, last] = [times[0]!, times.at(-1)!];
  const depths = curve.map(({ fraction }) => Number(fraction));
  const deepest = Math.max(...depths, 0.01);
  const firstStep = Number(steps[0]?.from ?? 0);
  const scale = Math.max(deepest, firstStep <= deepest * 3 ? firstStep : 0) * 1.1;
  const x = (time: number): number => (last === first ? 0 : ((time - first) / (last - first)) * width);
  const y = (depth: number): number => (depth / scale) * height;
  const line = (at: number, color: string, dashed: boolean) => ({
    type: 'line' as const,
    ...{ x1: 0, y1: at, x2: width, y2: at, lineWidth: 0.5, lineColor: color },
    ...(dashed ? { dash: { length: 3, space: 2 } } : {}),
  });
  return {
    margin: [0, 0, 0, 3],
    canvas: [
      { type: 'rect', x: 0, y: 0, w: width, h: height, lineWidth: 0, color: '#ffffff' },
      line(0, '#555b66', false),
      ...steps.filter(({ from }) => Number(from) <= scale).map(({ from }) => line(y(Number(from)), '#8a6d1a', true)),
      {
        type: 'polyline',
        points: curve.map((_, i) => ({ x: x(times[i]!), y: y(depths[i]!) })),
        lineWidth: 0.8,
        lineColor: '#b3261e',
      },
    ],
  };
}
