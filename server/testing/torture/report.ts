import type { Figure } from './compare-records.ts';
import type { Progress } from './options.ts';
import type { TortureResult } from './torture.ts';

const painted = (code: string) => (colour: boolean) => (text: string) =>
  colour ? `\u001b[${code}m${text}\u001b[0m` : text;
const bold = painted('1');
const dim = painted('2');
const green = painted('32');
const red = painted('31');

/** The quantile of figures, by the nearest rank; null when there is none. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}

const seconds = (ms: number | null): string => (ms === null ? '–' : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`);
const clock = (ms: number): string => {
  const all = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  return h > 0 ? `${h} h ${m} min` : m > 0 ? `${m} min ${s} s` : `${s} s`;
};
const number = (value: number): string => value.toLocaleString('en-US');

/** One line that is written over itself. */
export function progressLine(progress: Progress, colour: boolean): string {
  const { kills, of, alerts, orders, doing, elapsedMs } = progress;
  const width = 24;
  const done = Math.round((Math.min(kills, of) / Math.max(of, 1)) * width);
  const bar = `${'━'.repeat(done)}${dim(colour)('━'.repeat(width - done))}`;
  const left = kills > 0 ? ` · about ${clock((elapsedMs / kills) * Math.max(0, of - kills))} left` : '';
  return `  ${bar} ${number(kills)} of ${number(of)} kills · ${number(alerts)} alerts · ${number(orders)} orders sent · ${doing}${left}`;
}

/** A list of counts in columns, the most frequent first. */
function counts(title: string, all: Readonly<Record<string, number>>, colour: boolean): string[] {
  const entries = Object.entries(all).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (entries.length === 0) return [];
  const columns = 3;
  const rows = Math.ceil(entries.length / columns);
  const lines = [`  ${bold(colour)(title)}`];
  for (let row = 0; row < rows; row++) {
    const cells = Array.from({ length: columns }, (_, column) => entries[column * rows + row]).filter(
      (one) => one !== undefined,
    );
    lines.push(
      `  ${cells
        .map(([name, count]) => `${number(count).padStart(7)}  ${name.padEnd(30)}`)
        .join('')
        .trimEnd()}`,
    );
  }
  return [...lines, ''];
}

function figureLine({ says, value, of }: Figure, colour: boolean): string {
  const paint = value === 0 ? green(colour) : red(colour);
  return `  ${paint(value === 0 ? '✓' : '✗')} ${says.padEnd(38)} ${paint(number(value).padStart(8))}   ${dim(colour)(`of ${number(of)}`)}`;
}

/** What a run came to, for a terminal. */
export function summary(result: TortureResult, colour: boolean): string {
  const { figures, readyMs, reconciledMs, databaseMs, unprotectedMs } = result;
  const total = Object.values(result.killsByStep).reduce((sum, count) => sum + count, 0);
  const failed = figures.filter((figure) => figure.value !== 0);
  const lines = [
    '',
    ...counts(`${number(total)} kills of the server, by the step at which it was struck`, result.killsByStep, colour),
    ...counts('Faults that were really injected', nonZero(result.faults), colour),
    ...counts('What was sent and done', result.sent, colour),
    ...counts('What became of the alerts', result.decided, colour),
    ...counts('Answers that the senders had', result.attempts, colour),
    `  ${bold(colour)('From kill to ready')}      p50 ${seconds(quantile(readyMs, 0.5))}   p99 ${seconds(quantile(readyMs, 0.99))}`,
    `  ${bold(colour)('From kill to compared')}   p50 ${seconds(quantile(reconciledMs, 0.5))}   p99 ${seconds(quantile(reconciledMs, 0.99))}`,
    `  ${bold(colour)('PostgreSQL, kill to up')}  p50 ${seconds(quantile(databaseMs, 0.5))}   p99 ${seconds(quantile(databaseMs, 0.99))}`,
    `  ${bold(colour)('Shares without a stop')}   p50 ${seconds(quantile(unprotectedMs, 0.5))}   p99 ${seconds(quantile(unprotectedMs, 0.99))}   most ${seconds(quantile(unprotectedMs, 1))}   ${dim(colour)(`${number(unprotectedMs.length)} times, ${number(result.unprotectedOutsideOutages)} of them in no outage`)}`,
    '',
    `  ${bold(colour)('Compared with the exchange’s own record')}`,
    ...figures.map((figure) => figureLine(figure, colour)),
    '',
    ...failed.flatMap(({ says, cases }) => [`  ${red(colour)(says)}`, ...cases.map((one) => `    ${one}`), '']),
    ...result.endedByItself.map((one) => `  ${dim(colour)(one.replaceAll('\n', '\n    '))}\n`),
    `  ${number(result.alerts)} alerts, ${number(result.orders)} orders with their legs, ${number(result.fills)} fills in ${clock(result.tookMs)}.`,
    failed.length === 0
      ? `  ${green(colour)('Nothing was lost, doubled or forgotten.')}`
      : `  ${red(colour)(`${failed.length === 1 ? 'One figure is' : `${failed.length} figures are`} not zero.`)}`,
    '',
  ];
  return lines.join('\n');
}

const nonZero = (all: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
