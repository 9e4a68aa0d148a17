// The command behind `npm run lint:alert`: reads alerts from files, and says what intake would make of them.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { systemClock } from '../adapters/clock/system-clock.ts';
import type { LintResultJson } from '../contract/index.ts';
import { signalToJson } from '../core/model/signal.ts';
import { noReading } from '../core/model/source-reading.ts';
import { maxBodyBytes } from '../pipeline/intake/intake.ts';
import { lintAlert } from '../pipeline/intake/lint/lint-alert.ts';
import { withEdits } from '../pipeline/intake/lint/placed-text.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import { readBody } from '../pipeline/intake/read-body.ts';

const usage = `npm run lint:alert -- FILE… [options]     (- is the standard input)

  --message          the text of TradingView's box: its placeholders are filled with examples first
  --dialect KEY      reads them as this dialect, whatever they look like
  --template TEXT    as a source with this template would: "{action} {ticker} at {price}"
  --strict           warnings count as mistakes
  --mend             prints the mended text and nothing else; takes one file
  --json             prints an array, one entry a file
  --server URL --token TOKEN [--source ID]
                     asks a running server, for the size, the source's settings and what was sent before;
                     SIGNALBOX_URL and SIGNALBOX_API_TOKEN will do as well
  --help             shows this

  Ends with 0 where all would be taken, 1 where one would be refused, 2 where something could not be read or asked.
`;

/** One file's answer, in the form that both ways of asking have. */
type Answer = Pick<LintResultJson, 'verdict' | 'dialect' | 'says' | 'findings' | 'mended'> & Partial<LintResultJson>;

class Unusable extends Error {}

const options = {
  message: { type: 'boolean', default: false },
  dialect: { type: 'string' },
  template: { type: 'string' },
  strict: { type: 'boolean', default: false },
  mend: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  server: { type: 'string' },
  token: { type: 'string' },
  source: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;
type Given = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

/** Does what the arguments say; the status to end with. */
async function run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const { values: given, positionals: files } = parsed(args);
  if (given.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (files.length === 0) throw new Unusable(`Say which file.\n\n${usage}`);
  if (given.mend && files.length > 1) throw new Unusable('--mend takes one file.');
  const server = given.server ?? environment.SIGNALBOX_URL;
  const token = given.token ?? environment.SIGNALBOX_API_TOKEN;
  if (given.source && !server) throw new Unusable('--source needs a --server: what a source is set to is known there.');
  if (given.template && server)
    throw new Unusable('--template is for reading without a --server; there a --source has its own.');
  if (server && !token) throw new Unusable('--server needs a --token, or SIGNALBOX_API_TOKEN.');
  const look = server && token ? askServer(server, token, given) : await readHere(given);
  const told: { file: string; text: string; answer: Answer }[] = [];
  for (const file of files) {
    const body = await bodyOf(file);
    told.push({ file, text: readBody(body).text, answer: await look(body) });
  }
  if (given.mend) process.stdout.write(mendedText(told[0]!));
  else if (given.json)
    process.stdout.write(
      `${JSON.stringify(
        told.map(({ file, answer }) => ({ file, ...answer })),
        null,
        2,
      )}\n`,
    );
  else process.stdout.write(told.map((one) => inWords(one.file, one.answer)).join('\n'));
  const counts = (answer: Answer): boolean =>
    answer.findings.some(({ severity }) => severity === 'error' || (given.strict && severity === 'warning'));
  return told.some(({ answer }) => counts(answer)) ? 1 : 0;
}

function parsed(args: readonly string[]): { values: Given; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new Unusable(`${(error as Error).message}\n\n${usage}`);
  }
}

/** npm runs commands in the project's folder, and says where it was called from. */
const fromHere = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

async function bodyOf(file: string): Promise<Uint8Array> {
  let body: Uint8Array;
  try {
    body = file === '-' ? await buffer(process.stdin) : await readFile(fromHere(file));
  } catch (error) {
    throw new Unusable(`${file} cannot be read: ${(error as Error).message}`);
  }
  if (body.byteLength <= maxBodyBytes) return body;
  throw new Unusable(`${file} has ${body.byteLength} bytes; an alert has at most ${maxBodyBytes}.`);
}

/** Without a server: what can be said from the text alone. */
async function readHere(given: Given): Promise<(body: Uint8Array) => Promise<Answer>> {
  const dialects = await loadDialects();
  const key = given.dialect ?? null;
  if (key !== null && !dialects.some((one) => one.key === key)) {
    throw new Unusable(`--dialect: expected one of ${dialects.map((one) => one.key).join(', ')}, found ${key}.`);
  }
  const reading = given.template === undefined ? null : { ...noReading, template: given.template };
  return async (body) => {
    const { read, bytes, ...report } = lintAlert(
      {
        ...{ body, as: given.message ? 'message' : 'received', asked: { dialect: key, reading } },
        ...{
          how: key === null ? 'shape' : 'asked',
          secretField: null,
          sourceStrategy: null,
          repeatWindowSeconds: null,
        },
        now: systemClock.now(),
      },
      dialects,
    );
    return {
      ...report,
      signal: report.signal && { ...signalToJson(report.signal) },
      findings: report.findings.map((finding) => ({ ...finding })),
      mended: report.mended && { ...report.mended, edits: [...report.mended.edits] },
    };
  };
}

function askServer(server: string, token: string, given: Given): (body: Uint8Array) => Promise<Answer> {
  let address: URL;
  try {
    address = new URL('/api/v1/lint', server);
  } catch {
    throw new Unusable(`--server: expected an address like http://127.0.0.1:8080, found ${server}.`);
  }
  return async (body) => {
    const { text, problem } = readBody(body);
    // What is no text cannot be asked in JSON, and needs no server to be told.
    if (problem !== null) return (await readHere(given))(body);
    const wish = {
      text,
      as: given.message ? 'message' : 'received',
      source: given.source ?? null,
      dialect: given.dialect ?? null,
    };
    const response = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    }).catch((error: unknown) => {
      throw new Unusable(`${address.origin} does not answer: ${(error as Error).message}`);
    });
    const answer = (await response.json().catch(() => null)) as { detail?: string } | null;
    if (response.ok && answer !== null) return answer as unknown as LintResultJson;
    throw new Unusable(
      `${address.origin} answered ${response.status}: ${answer?.detail ?? 'nothing that could be read'}`,
    );
  };
}

/** With its secrets: it goes to whoever has the file. */
const mendedText = ({ text, answer }: { text: string; answer: Answer }): string =>
  withEdits(text, answer.mended?.edits ?? []);

function inWords(file: string, { verdict, dialect, says, findings, mended, size, identity }: Answer): string {
  const refused = verdict.kind === 'refused';
  const lines = [
    `${file}: ${refused ? `would be refused (${verdict.code})` : 'would be taken'}, as ${dialect.key}. ${dialect.why}`,
  ];
  if (says) lines.push(`  ${says}`);
  for (const account of size?.accounts ?? []) lines.push(`  ${account.account ?? 'no account'}: ${account.sentence}`);
  if (identity?.seen)
    lines.push(`  Taken in before, at ${identity.seen.receivedAt}: signal ${identity.seen.signalId}.`);
  for (const { severity, code, message, mend, place } of findings) {
    const where = place === null ? '' : `:${place.line}:${place.column}`;
    lines.push(`  ${file}${where} ${severity} ${code}: ${/[.?!]$/.test(message) ? message : `${message}.`} ${mend}`);
  }
  if (mended) {
    lines.push(
      mended.verdict.kind === 'accepted'
        ? '  Mended it would be taken; --mend prints it.'
        : '  A part of it can be mended; --mend prints it.',
    );
  }
  return `${lines.join('\n')}\n`;
}

if (import.meta.main) {
  try {
    process.exitCode = await run(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
