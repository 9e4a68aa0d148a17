// The command as a process: what it prints, its status, several files, the standard input, and a server that it asks.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
const command = new URL('./lint-alert.ts', import.meta.url).pathname;
const good = '{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":100,"id":"1","strategy":"swing"}';
const bad = '{"signal":"BUY","ticker":"AAPL","risk":100,"secret":"hunter2hunter2",}';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lint-alert-'));
  await writeFile(join(folder, 'good.json'), good);
  await writeFile(join(folder, 'bad.json'), bad);
});
afterAll(() => rm(folder, { recursive: true }));

async function run(args: readonly string[], input = ''): Promise<{ status: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [command, ...args], { cwd: folder, env: { PATH: process.env.PATH } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, out, err };
}

describe('npm run lint:alert', { timeout: 60_000 }, () => {
  it('ends with 0 where an alert would be taken', async () => {
    const { status, out, err } = await run(['good.json']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('good.json: would be taken, as native.');
    expect(out).toContain('Buy AAPL, sized so that its stop costs 100');
  });

  it('ends with 1 where one of several would be refused, each mistake at its place and without secrets', async () => {
    const { status, out } = await run(['good.json', 'bad.json']);
    expect(status).toBe(1);
    expect(out).toContain(`bad.json:1:${bad.lastIndexOf(',') + 1} error trailing_comma`);
    expect(out).toContain('good.json: would be taken');
    expect(out).not.toContain('hunter2');
  });

  it('reads the standard input, and prints what is mended whole', async () => {
    expect(await run(['-', '--mend'], bad)).toMatchObject({ status: 1, out: bad.replace(',}', '}') });
    const message = '{"signal":"BUY","ticker":"{{ticker}}","risk":100}';
    expect((await run(['-'], message)).status).toBe(1);
    expect((await run(['-', '--message'], message)).status).toBe(0);
    expect((await run(['-', '--message', '--strict'], message)).status).toBe(1);
    const json = JSON.parse(
      (await run(['-', '--json', '--dialect', 'template', '--template', '{action} {ticker}'], 'buy AAPL')).out,
    );
    expect(json).toMatchObject([{ file: '-', verdict: { kind: 'accepted' }, signal: { ticker: 'AAPL' } }]);
  });

  it('ends with 2 where it cannot look', async () => {
    const calls = [
      [],
      ['none.json'],
      ['good.json', '--dialect', 'klingon'],
      ['good.json', '--nonsense'],
      ['good.json', '--source', 'x'],
    ];
    const ends = await Promise.all(calls.map((args) => run(args)));
    expect(ends.map(({ status, out, err }) => [status, out, err !== ''])).toEqual(calls.map(() => [2, '', true]));
    expect((await run(['--help'])).status).toBe(0);
  });
});

describe('with a server', { timeout: 60_000 }, () => {
  let server: Server;
  const asked: { authorization: string | undefined; wish: unknown }[] = [];
  let status = 200;
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => (body += data.toString()));
      request.on('end', () => {
        asked.push({ authorization: request.headers.authorization, wish: JSON.parse(body) });
        response.writeHead(status, { 'content-type': 'application/json' });
        const verdict = { kind: 'accepted', code: null };
        const answer = {
          verdict,
          dialect: { key: 'native', how: 'shape', why: 'So.' },
          says: 'Buy.',
          findings: [],
          mended: null,
        };
        const size = { sentence: null, accounts: [{ account: 'main', sentence: 'Would buy 57 AAPL.' }] };
        response.end(JSON.stringify(status === 200 ? { ...answer, size } : { detail: 'Not signed in.' }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  it('tells the size, and says what the server said where it refuses', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const told = await run(['good.json', '--server', url, '--token', 'secret-token', '--source', 'abc']);
    expect(told).toMatchObject({ status: 0, err: '' });
    expect(told.out).toContain('main: Would buy 57 AAPL.');
    expect(asked[0]).toEqual({
      authorization: 'Bearer secret-token',
      wish: { text: good, as: 'received', source: 'abc', dialect: null },
    });
    status = 401;
    const refused = await run(['good.json', '--server', url, '--token', 'wrong']);
    expect(refused).toMatchObject({ status: 2, out: '' });
    expect(refused.err).toContain('answered 401: Not signed in.');
    expect((await run(['good.json', '--server', url])).status).toBe(2);
  });
});
