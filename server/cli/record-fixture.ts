// npm run record:fixture: turns a recording of the instance that runs here into a fixture. docs/test-and-record.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fromHere } from './signal/secrets.ts';

const usage = `npm run record:fixture -- ID [--out FILE] [--force]

  Writes a recording as a fixture: a JSON file for server/pipeline/intake/corpus/DIALECT/, with the verdict that the reader gives now and without
  secrets. ID is the recording's, as its page and the sender's reply have it. Without --out it is printed.

  --out FILE   where to; a file that is there stays, unless --force is said
  --list       the newest recordings, with their ids
`;

/** Something that the person can mend. */
class Unusable extends Error {}

interface Instance {
  readonly apiUrl: string;
  readonly apiToken: string;
}

function instance(): Instance {
  const file = join(fromHere(process.env.DATA_DIR ?? '.data'), 'instance.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Instance;
  } catch {
    throw new Unusable(`No running instance was found (${file}). Start one with npm start.`);
  }
}

async function ask(path: string): Promise<Response> {
  const { apiUrl, apiToken } = instance();
  let response: Response;
  try {
    response = await fetch(`${apiUrl}${path}`, { headers: { authorization: `Bearer ${apiToken}` } });
  } catch {
    throw new Unusable('The instance does not answer. Is it running?');
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => null)) as { detail?: string } | null;
  throw new Unusable(problem?.detail ?? `The instance answered ${response.status}.`);
}

interface Listed {
  readonly id: string;
  readonly receivedAt: string;
  readonly sourceName: string;
  readonly dialect: string;
  readonly code: string | null;
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      force: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  if (values.list) {
    const { items } = (await (await ask('/recordings?limit=50')).json()) as { items: Listed[] };
    for (const one of items)
      process.stdout.write(`${one.id}  ${one.receivedAt}  ${one.sourceName}  ${one.dialect}  ${one.code ?? 'taken'}\n`);
    return;
  }
  const [id, ...others] = positionals;
  if (id === undefined || others.length > 0) throw new Unusable('Say the id of one recording; --list shows them.');
  const response = await ask(`/recordings/${encodeURIComponent(id)}/fixture`);
  const dialect = response.headers.get('x-signalbox-dialect');
  const text = `${JSON.stringify(await response.json(), null, 2)}\n`;
  if (values.out === undefined) return void process.stdout.write(text);
  const file = fromHere(values.out);
  if (existsSync(file) && !values.force) throw new Unusable(`${values.out} is there already; --force writes over it.`);
  writeFileSync(file, text);
  process.stdout.write(
    `${values.out}: a fixture of ${dialect}. In server/pipeline/intake/corpus/${dialect}/ the tests run it.\n`,
  );
}

try {
  await run();
} catch (error) {
  const unknown = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  if (!(error instanceof Unusable) && !unknown) throw error;
  process.stderr.write(`${(error as Error).message}\n--help lists the options.\n`);
  process.exitCode = 2;
}
