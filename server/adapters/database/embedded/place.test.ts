// Invariant: PostgreSQL works in the data directory when it can, elsewhere when it must, and never in two places by turns.
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postgresBinaries } from './binaries.ts';
import { initialiseCluster } from './cluster.ts';
import { choosePlace } from './place.ts';
import { freePort, launchServer } from './server-process.ts';
import { type Runner, runners } from './unprivileged.ts';

const native = postgresBinaries();
let dataDir: string;
let refuge: string;
let said: string[];

beforeEach(async () => {
  // mkdtemp makes directories that only their owner can enter.
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-place-'));
  refuge = await mkdtemp(join(tmpdir(), 'signalbox-refuge-'));
  chmodSync(refuge, 0o755);
  said = [];
});
afterEach(async () => {
  for (const folder of [dataDir, refuge]) await rm(folder, { recursive: true, force: true });
});

const choose = (ways: readonly Runner[]) =>
  choosePlace({ dataDir, native, runners: ways, refuge, notice: (sentence) => said.push(sentence) });

it('works in the data directory when nobody need change', () => {
  const place = choose([{ prefix: [], user: null }]);
  expect(place).toMatchObject({ cluster: join(dataDir, 'postgres'), native });
  expect(said).toEqual([]);
});

describe('started by root', () => {
  beforeEach((context) => {
    if (process.getuid?.() !== 0) context.skip('only root lends PostgreSQL another user');
  });
  // Without setpriv: only the user can be changed.
  const bare = () => runners().slice(0, 1);

  // What the bare user can reach cannot be said of a clone, which may itself lie where it cannot go.
  const reachable = () => {
    const copy = join(refuge, 'package');
    cpSync(native, join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
    return join(copy, 'native');
  };

  it('takes no power when the data directory lets everybody pass, and the least when it does not', () => {
    const options = {
      dataDir,
      native: reachable(),
      runners: runners(),
      refuge,
      notice: (line: string) => said.push(line),
    };
    expect(choosePlace(options).runner).toEqual(runners()[1]);
    expect(runners()[1]?.prefix.join(' ')).toMatch(/--ambient-caps=-all,\+dac_\w+ /);
    chmodSync(dataDir, 0o711);
    expect(choosePlace(options).runner.prefix).toEqual([]);
    expect(said).toEqual([]);
  });

  it('runs a program and data that lie where only root can enter', async () => {
    const closed = join(dataDir, 'clone', 'native');
    cpSync(native, closed, { recursive: true, verbatimSymlinks: true });
    const place = choosePlace({
      dataDir,
      native: closed,
      runners: runners(),
      refuge,
      notice: (line) => said.push(line),
    });
    expect(place).toMatchObject({ cluster: join(dataDir, 'postgres'), native: closed });
    await initialiseCluster(place, 'a password');
    const server = launchServer(place, await freePort(), false, undefined);
    expect(await server.ready).toEqual({ ready: true });
    await server.stop();
  });

  it('goes to a place of its own when it can enter the data directory in no way, and stays there', async () => {
    const place = choose(bare());
    expect(place.cluster.startsWith(refuge)).toBe(true);
    expect(said).toEqual([expect.stringContaining(refuge)]);
    await initialiseCluster(place, 'a password');
    expect(existsSync(join(place.cluster, 'PG_VERSION'))).toBe(true);
    // Nor does it come back when there is a way later: the data is where it is.
    expect(choose(runners()).cluster).toBe(place.cluster);
    expect(said).toHaveLength(1);
  });

  it('says so, and makes nothing new, when it cannot enter where its data is', () => {
    mkdirSync(join(dataDir, 'postgres'));
    expect(() => choose(bare())).toThrow(/cannot enter that directory any more/);
  });

  it('says so, and makes nothing new, when the place of its own is gone', () => {
    const place = choose(bare());
    rmSync(join(place.cluster, '..'), { recursive: true });
    expect(() => choose(bare())).toThrow(/which is gone/);
  });
});
