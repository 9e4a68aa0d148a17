import type { Figure, FuzzResult } from './fuzz.ts';
import { mostGrowth, mostRatio } from './memory.ts';
import type { Progress } from './options.ts';

const number = (value: number): string => value.toLocaleString('en-US');
const clock = (ms: number): string => {
  const all = Math.round(ms / 1000);
  return all < 60 ? `${all} s` : `${Math.floor(all / 60)} min ${all % 60} s`;
};

/** One line of how far it has come. */
export function progressLine({ bodies, of, found, residentMib, doing, elapsedMs }: Progress): string {
  const left = bodies > 0 && bodies < of ? ` · about ${clock((elapsedMs / bodies) * (of - bodies))} left` : '';
  const memory = residentMib === null ? '' : ` · ${residentMib.toFixed(0)} MiB`;
  return `  ${number(bodies)} of ${number(of)} bodies · ${number(found)} findings${memory} · ${doing}${left}`;
}

function counts(title: string, all: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(all).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const columns = 3;
  const rows = Math.ceil(entries.length / columns);
  const lines = [`  ${title}`];
  for (let row = 0; row < rows; row++) {
    const cells = Array.from({ length: columns }, (_, column) => entries[column * rows + row]).filter(
      (one) => one !== undefined,
    );
    lines.push(
      `  ${cells
        .map(([name, value]) => `${number(value).padStart(8)}  ${name.padEnd(34)}`)
        .join('')
        .trimEnd()}`,
    );
  }
  return [...lines, ''];
}

const figureLine = ({ says, value }: Figure): string =>
  `  ${value === 0 ? '✓' : '✗'} ${says.padEnd(44)} ${number(value).padStart(8)}`;

/** Whether everything is as it has to be. */
export const passed = ({ figures }: FuzzResult): boolean => figures.every(({ value }) => value === 0);

/** What a run came to, for a terminal. */
export function summary(result: FuzzResult): string {
  const { memory, repliesMs, audit, bodies, tookMs, figures } = result;
  const wrong = figures.filter(({ value }) => value !== 0);
  const memoryLines =
    memory === null
      ? ['  Memory of the server   too few samples']
      : [
          `  Memory of the server   ${memory.afterWarmUp.toFixed(0)} MiB after the warm-up, ${memory.atTheEnd.toFixed(0)} MiB at the end, ${memory.most.toFixed(0)} MiB at most (floors of ${memory.samples} samples)`,
          `                         ratio ${memory.ratio.toFixed(2)} (at most ${mostRatio(bodies)}), fitted ${memory.growth.toFixed(1)} MiB in all (at most ${mostGrowth(bodies)}), ${memory.slope.toFixed(1)} MiB per 100,000 bodies`,
        ];
  return [
    '',
    ...counts('What was done to the bodies', result.kinds),
    ...counts('Whose alerts', result.dialects),
    ...counts('Answers', result.statuses),
    ...counts('What became of them', result.outcomes),
    `  Replies                p50 ${repliesMs.p50.toFixed(1)} ms   p99 ${repliesMs.p99.toFixed(1)} ms   most ${repliesMs.most.toFixed(0)} ms`,
    ...memoryLines,
    `  Stored                 ${number(audit.signals)} signals, ${number(audit.accepted)} of them accepted, ${number(audit.decided)} decided, ${number(audit.orders)} orders`,
    '',
    ...figures.map(figureLine),
    '',
    ...wrong.flatMap(({ says, cases }) => [
      `  ${says}`,
      ...cases.map((one) => `    ${one.replaceAll('\n', '\n    ')}`),
      '',
    ]),
    `  ${number(bodies)} bodies in ${clock(tookMs)}. ${wrong.length === 0 ? 'Nothing was found.' : `${wrong.length === 1 ? 'One figure is' : `${wrong.length} figures are`} not zero; reproducers are in ${result.folder}/findings.`}`,
    '',
  ].join('\n');
}
