// npm run audit:verify                        verifies the audit in the database of this instance, or of DATABASE_URL.
// npm run audit:verify -- --file audit.jsonl  verifies an export, with nothing else.
// npm run audit:verify -- --head 1234:ab12…   and that the chain still holds this entry, as it was written down.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createAuditLog } from '../adapters/database/audit-store/audit-log.ts';
import { connectDatabase } from '../adapters/database/connect.ts';
import { type ChainHead, type ChainRow, emptyChain } from '../core/audit/chain.ts';
import { type ChainFault, faultOf, headFault } from '../core/audit/verify.ts';
import { readEnvironment } from '../environment.ts';
import { databaseOf, runCommand } from '../main/command.ts';

const readAtOnce = 1_000;
const usage =
  'Usage: npm run audit:verify [-- [--file <export.jsonl>] [--head <number>:<hash>]...]. --head may be given more than once.';

await runCommand(async () => {
  const { file, heads } = readArguments(process.argv.slice(2));
  const { end, fault, seen } = file === null ? await inDatabase(heads) : await inFile(file, heads);
  for (const head of heads) {
    const found = fault ?? headFault(head, seen.get(head.number) ?? null);
    if (found) throw broken(found, end);
  }
  if (fault) throw broken(fault, end);
  const sentence =
    end.number === 0
      ? 'The audit is empty: nothing was done yet, or everything was taken away. Compare with a head that was written down (--head).'
      : `The audit is whole: ${end.number} ${end.number === 1 ? 'entry' : 'entries'}, ending with the hash ${end.hash}.`;
  process.stdout.write(`  ${sentence}\n`);
});

/** How far a chain was walked, what stopped it, and the hashes of the entries that were asked for. */
interface Walked {
  readonly end: ChainHead;
  readonly fault: ChainFault | null;
  readonly seen: ReadonlyMap<number, string>;
}

function broken(fault: ChainFault, end: ChainHead): Error {
  const before =
    end.number === 0 ? 'Nothing before it could be verified.' : `Entries 1 to ${end.number} are as they were written.`;
  return new Error(
    `The audit is not whole. First wrong entry: ${fault.number} (${fault.code}). ${fault.sentence}\n  ${before}`,
  );
}

function readArguments(argv: readonly string[]): { file: string | null; heads: ChainHead[] } {
  let values: { file?: string; head?: string[] };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: { file: { type: 'string' }, head: { type: 'string', multiple: true } },
    }));
  } catch (error) {
    throw new Error(`${(error as Error).message}\n  ${usage}`);
  }
  const heads = (values.head ?? []).map((text) => {
    const [, number, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
    if (!number || !hash)
      throw new Error(`"${text}" is no head: expected a number, a colon and 64 hexadecimal digits.`);
    return { number: Number(number), hash };
  });
  return { file: values.file ?? null, heads };
}

/** Walks rows one after the other until one is wrong. */
function walker(heads: readonly ChainHead[]) {
  const wanted = new Set(heads.map(({ number }) => number));
  const seen = new Map<number, string>();
  let end = emptyChain;
  return {
    seen,
    end: () => end,
    step(row: ChainRow): ChainFault | null {
      const fault = faultOf(end, row);
      if (fault) return fault;
      if (wanted.has(row.number)) seen.set(row.number, row.hash);
      end = { number: row.number, hash: row.hash };
      return null;
    },
  };
}

async function inFile(file: string, heads: readonly ChainHead[]): Promise<Walked> {
  const walk = walker(heads);
  const input = createReadStream(file, 'utf8');
  const opened = new Promise<void>((resolve, reject) => input.once('ready', resolve).once('error', reject));
  await opened.catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read: ${error.code ?? error.message}.`);
  });
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text === '') continue;
    const row = readRow(text);
    const fault: ChainFault | null = row
      ? walk.step(row)
      : {
          number: walk.end().number + 1,
          code: 'ENTRY',
          sentence: `Line ${line} of ${file} is no entry: expected JSON with number, previousHash, hash and entry.`,
        };
    if (fault) {
      input.destroy();
      return { end: walk.end(), fault, seen: walk.seen };
    }
  }
  return { end: walk.end(), fault: null, seen: walk.seen };
}

function readRow(text: string): ChainRow | null {
  try {
    const row = JSON.parse(text) as Partial<ChainRow> | null;
    const whole =
      Number.isSafeInteger(row?.number) &&
      [row?.previousHash, row?.hash, row?.entry].every((one) => typeof one === 'string');
    return whole ? (row as ChainRow) : null;
  } catch {
    return null;
  }
}

async function inDatabase(heads: readonly ChainHead[]): Promise<Walked> {
  const { databaseUrl } = databaseOf(readEnvironment(process.env, []));
  const sql = connectDatabase(databaseUrl, { max: 1, applicationName: 'signalbox audit', statementMs: 60_000 });
  const audit = createAuditLog({ sql });
  const walk = walker(heads);
  try {
    for (;;) {
      const rows = await audit.read(walk.end().number, readAtOnce);
      for (const row of rows) {
        const fault = walk.step(row);
        if (fault) return { end: walk.end(), fault, seen: walk.seen };
      }
      const fault = await audit.compareEvents(rows);
      if (fault) return { end: { ...emptyChain, number: fault.number - 1 }, fault, seen: walk.seen };
      if (rows.length < readAtOnce) break;
      process.stdout.write(`  ${walk.end().number} entries so far.\n`);
    }
    return { end: walk.end(), fault: await audit.findMissing(), seen: walk.seen };
  } finally {
    await sql.end({ timeout: 1 });
  }
}
