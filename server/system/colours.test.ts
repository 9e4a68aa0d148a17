// The colours of the interface can be told apart and read, in light and in dark: text at 4.5 to 1 on everything it stands on, the edges of
// controls at 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11), also in the palette for those to whom green and red look alike.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const css = await readFile(new URL('../../web/src/tokens.css', import.meta.url), 'utf8');

type Colours = ReadonlyMap<string, readonly [l: number, c: number, h: number]>;

/** The colours that a block of the style sheet sets, by their names. */
function coloursOf(block: string): Colours {
  const found = block.matchAll(/--([\w-]+):\s*oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g);
  return new Map([...found].map(([, name, l, c, h]) => [name!, [Number(l), Number(c), Number(h)] as const]));
}

/** The block that follows a selector. */
function blockOf(selector: string): string {
  const from = css.indexOf(selector);
  expect(from, selector).toBeGreaterThanOrEqual(0);
  return css.slice(from, css.indexOf('}', from));
}

/** Relative luminance by WCAG of a colour in OKLCH; the matrices are those of Björn Ottosson's OKLab. */
function luminance([l, c, h]: readonly [number, number, number]): number {
  const [a, b] = [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const shown = (value: number): number => Math.min(1, Math.max(0, value));
  const red = shown(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z);
  const green = shown(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z);
  const blue = shown(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(colours: Colours, front: string, back: string): number {
  const [x, y] = [front, back].map((name) => {
    const colour = colours.get(name);
    if (!colour) throw new Error(`there is no colour --${name}`);
    return luminance(colour);
  }) as [number, number];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const light = coloursOf(blockOf(':root[data-theme="light"]'));
const dark = coloursOf(blockOf(':root[data-theme="dark"]'));
/** Each of the two with its profit and loss in the other palette. */
function safe(colours: Colours, place: 0 | 1): Colours {
  const pairs = blockOf(':root[data-palette="safe"]').matchAll(
    /--(\w+): light-dark\((oklch\([^)]+\)), (oklch\([^)]+\))\)/g,
  );
  const set = [...pairs].map((pair) => `--${pair[1]}: ${pair[2 + place]}`).join(';');
  return new Map([...colours, ...coloursOf(set)]);
}

const text = ['ink', 'ink-soft', 'accent', 'profit', 'loss', 'warning', 'danger'];
const grounds = ['page', 'raised', 'sunken'];
const onTheirOwn = [
  ['accent-ink', 'accent'],
  ['danger-ink', 'danger'],
  ['paper-ink', 'paper'],
  ['live-ink', 'live'],
  ['warning', 'warning-wash'],
  ['danger', 'danger-wash'],
  ['ink', 'accent-wash'],
] as const;

describe.each([
  ['light', light],
  ['dark', dark],
  ['light, blue and orange', safe(light, 0)],
  ['dark, blue and orange', safe(dark, 1)],
] as const)('in %s', (_name, colours) => {
  it('text can be read on every ground it stands on', () => {
    const pairs = [...text.flatMap((front) => grounds.map((back) => [front, back] as const)), ...onTheirOwn];
    const weak = pairs.filter(([front, back]) => contrast(colours, front, back) < 4.5);
    expect(weak).toEqual([]);
  });

  it('the edges of controls can be seen', () => {
    expect(['page', 'raised'].filter((back) => contrast(colours, 'line-strong', back) < 3)).toEqual([]);
  });
});

it('a dark system shows the same dark as one that was chosen', () => {
  const chosen = [...dark].sort();
  expect([...coloursOf(blockOf(':root[data-theme="auto"]'))].sort()).toEqual(chosen);
});
