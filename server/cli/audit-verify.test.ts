// The command as an auditor runs it: over a database, over an export with nothing else, and after somebody changed something.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createAuditLog } from '../adapters/database/audit-store/audit-log.ts';
import { appendEvents } from '../adapters/database/event-reader/append-events.ts';
import type { ChainRow } from '../core/audit/chain.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';

let database: TestDatabase;
let folder: string;
let rows: ChainRow[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-audit-'));
  database = await createTestDatabase();
  const audit = createAuditLog(database);
  const told = [1, 2, 3, 4, 5].map((to) => ({ kind: 'settings.changed', data: { to, by: 'Ada' } }) as const);
  await appendEvents(database.sql, told);
  await vi.waitFor(
    async () => {
      await audit.chain(100);
      expect((await audit.head()).number).toBe(5);
    },
    { timeout: 60_000, interval: 50 },
  );
  rows = await audit.read(0, 10);
}, 90_000);
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const command = spawn(process.execPath, [fileURLToPath(new URL('audit-verify.ts', import.meta.url)), ...args], {
    env: { ...process.env, DATABASE_URL: database.url },
  });
  const told = { out: '', err: '' };
  command.stdout.on('data', (text) => (told.out += text));
  command.stderr.on('data', (text) => (told.err += text));
  return new Promise((resolve) => command.once('close', (code) => resolve({ code, ...told })));
}
async function fileOf(changed: readonly unknown[]): Promise<string> {
  const file = join(folder, 'audit.jsonl');
  await writeFile(file, changed.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''));
  return file;
}

it('finds a whole audit whole, in the database and in an export, and a head that was noted in it', async () => {
  const head = `5:${rows[4]!.hash}`;
  const [inDatabase, inFile] = await Promise.all([
    run('--head', head),
    run('--file', await fileOf(rows), '--head', head),
  ]);
  for (const { code, out, err } of [inDatabase, inFile]) {
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`The audit is whole: 5 entries, ending with the hash ${rows[4]!.hash}.`);
  }
}, 90_000);

it.each([
  [
    'a changed entry',
    (all: ChainRow[]) => all.with(2, { ...all[2]!, entry: all[2]!.entry.replace('Ada', 'Eve') }),
    3,
    'HASH',
  ],
  ['a missing entry', (all: ChainRow[]) => all.toSpliced(1, 1), 2, 'NUMBER'],
  ['a line that is no entry', (all: ChainRow[]) => [...all.slice(0, 4), 'rubbish'], 5, 'ENTRY'],
])(
  'names %s and fails',
  async (_what, change, number, code) => {
    const answer = await run('--file', await fileOf(change(rows)));
    expect(answer.code).toBe(1);
    expect(answer.err).toContain(`First wrong entry: ${number} (${code})`);
  },
  90_000,
);

it('finds by a noted head that the end was cut off, or that the chain was made anew', async () => {
  const cut = await run('--file', await fileOf(rows.slice(0, 3)), '--head', `5:${rows[4]!.hash}`);
  expect([cut.code, cut.err]).toEqual([1, expect.stringContaining('its end was cut off')]);
  const anew = await run('--head', `2:${'a'.repeat(64)}`);
  expect([anew.code, anew.err]).toEqual([1, expect.stringContaining('First wrong entry: 2 (HEAD)')]);
}, 90_000);

it('says what it expected where it cannot be used so', async () => {
  const [head, file] = await Promise.all([run('--head', 'five'), run('--file', join(folder, 'none.jsonl'))]);
  expect([head.code, head.err]).toEqual([1, expect.stringContaining('expected a number, a colon')]);
  expect([file.code, file.err]).toEqual([1, expect.stringContaining('ENOENT')]);
}, 90_000);

it('finds what was changed in the database behind the app’s back', async () => {
  await database.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`delete from audit_entries where number = 4`;
  });
  const { code, err } = await run();
  expect([code, err]).toEqual([1, expect.stringContaining('First wrong entry: 4 (NUMBER)')]);
}, 90_000);
