import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Contestant, ours, textIds, theirs } from './matching-contestants.ts';
import type { Memory } from './matching-memory.ts';
import { makeMessages, type Shape, shapes } from './matching-messages.ts';
import { median, rate, table } from './measure.ts';

const seed = 7;

function timed(contestant: Contestant, messages: ReturnType<typeof makeMessages>, ids: readonly string[]) {
  const startedAt = performance.now();
  const outcome = contestant.run(messages, ids);
  const perSecond = messages.count / ((performance.now() - startedAt) / 1000);
  return { perSecond, levels: outcome.levels, told: outcome.told };
}

async function memory(who: Contestant, shape: Shape, count: number): Promise<Memory> {
  const child = fileURLToPath(new URL('./matching-memory.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    child,
    who.name,
    shape.name,
    `${count}`,
  ]);
  return JSON.parse(stdout) as Memory;
}

/**
 * The matching core beside the npm package nodejs-order-book: the same seeded messages, in rounds taken in turn in one process, each
 * message's events read. Both must end with the same book, level by level.
 */
export async function runMatchingBench(quick: boolean): Promise<void> {
  console.log(
    '\nMatching: 70 % new limit orders, 20 % cancels of open orders, 10 % market orders; events made and read',
  );
  for (const shape of shapes) {
    // The other takes far longer where many orders stand: fewer rounds, and of fewer messages when it must be quick.
    const count = quick ? 200_000 : 1_000_000;
    const rounds = quick ? 2 : shape.rounds;
    const messages = makeMessages(count, seed, shape);
    const ids = textIds(count);
    const speeds: { own: number[]; other: number[] } = { own: [], other: [] };
    let told = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      const own = timed(ours, messages, ids);
      const other = timed(theirs, messages, ids);
      if (JSON.stringify(own.levels) !== JSON.stringify(other.levels)) throw new Error('the two books differ');
      speeds.own.push(own.perSecond, timed(ours, messages, ids).perSecond);
      speeds.other.push(other.perSecond);
      told = [own.told, other.told];
    }
    const ratio = median(speeds.own) / median(speeds.other);
    const [ownMemory, otherMemory] = [await memory(ours, shape, count), await memory(theirs, shape, count)];
    const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
    console.log(
      `\n  ${shape.name}, ${count.toLocaleString('en-US')} messages, ${ownMemory.open} orders open at the end`,
    );
    const row = (name: string, all: readonly number[], events: number, held: Memory): string[] => [
      `    ${name}`,
      rate(median(all)),
      `${rate(Math.min(...all))} to ${rate(Math.max(...all))}`,
      `${events.toLocaleString('en-US')} events`,
      `keeps ${mebibytes(held.keptBytes)}`,
    ];
    console.log(
      table([row(ours.name, speeds.own, told[0]!, ownMemory), row(theirs.name, speeds.other, told[1]!, otherMemory)]),
    );
    console.log(
      `    ${ratio.toFixed(1)}x as fast (goal 15), ${(ownMemory.keptBytes / otherMemory.keptBytes).toFixed(2)} of its memory`,
    );
  }
}
