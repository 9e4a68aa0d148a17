// The command behind `npm run pine`: reads its arguments, writes the scripts and their manifest.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { generate } from './generate.ts';
import { tickersPerScript } from './limits.ts';
import { manifestCsv, manifestMarkdown } from './manifest.ts';
import { expectedOf } from './settings.ts';
import { parametersOf, scriptKinds } from './shared-parameters.ts';
import { templates } from './templates/index.ts';

const usage = `npm run pine -- --watchlist tickers.csv --template rsi-reversal [--kind scanner|strategy] [--version 6|5] [--timeframe 5]
    [--set fastLength=9]… [--per-script ${tickersPerScript}] [--out DIR]
npm run pine -- --list [--json]      the templates and their parameters
  Templates: ${templates.map((one) => one.key).join(', ')}
  The watchlist is TradingView's export, or CSV with a column "ticker". Scripts and a manifest are written to --out (pine-scripts unless said).`;

/** For the command: what to print where, and the status to end with. */
export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

const refused = (sentences: readonly string[]): Outcome => ({ status: 2, out: '', err: `${sentences.join('\n')}\n` });

/** Does what the arguments say; files are written below `cwd`. */
export function runPine(args: readonly string[], cwd: string): Outcome {
  const options = {
    watchlist: { type: 'string' },
    template: { type: 'string' },
    kind: { type: 'string', default: 'scanner' },
    version: { type: 'string', default: '6' },
    timeframe: { type: 'string', default: '5' },
    set: { type: 'string', multiple: true, default: [] as string[] },
    'per-script': { type: 'string', default: String(tickersPerScript) },
    out: { type: 'string', default: 'pine-scripts' },
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  let given: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    given = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    return refused([(error as Error).message, '', usage]);
  }
  if (given.help) return { status: 0, out: `${usage}\n`, err: '' };
  if (given.list) return { status: 0, out: given.json ? listJson() : listText(), err: '' };
  if (!given.watchlist || !given.template) return refused(['Say which --watchlist and which --template.', '', usage]);
  const kind = scriptKinds.find((one) => one === given.kind);
  if (!kind) return refused([`--kind: expected ${scriptKinds.join(' or ')}, found ${JSON.stringify(given.kind)}.`]);
  const parameters: Record<string, string> = {};
  for (const one of given.set) {
    const at = one.indexOf('=');
    if (at < 1) return refused([`--set: expected name=value, found ${JSON.stringify(one)}.`]);
    parameters[one.slice(0, at)] = one.slice(at + 1);
  }
  let watchlist: string;
  try {
    watchlist = readFileSync(resolve(cwd, given.watchlist), 'utf8');
  } catch (error) {
    return refused([`The watchlist ${given.watchlist} cannot be read: ${(error as NodeJS.ErrnoException).code}.`]);
  }
  const { template, version, timeframe } = given;
  const perScript = Number(given['per-script']);
  const made = generate({ watchlist, template, version, kind, timeframe, parameters, perScript });
  if ('problems' in made) return refused([...made.problems, 'Nothing was written.']);

  const folder = resolve(cwd, given.out);
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  try {
    mkdirSync(folder, { recursive: true });
    for (const { file, source } of made.scripts) write(file, source);
    write('manifest.json', `${JSON.stringify(made.manifest, null, 2)}\n`);
    write('manifest.md', manifestMarkdown(made.manifest));
    write('manifest.csv', manifestCsv(made.manifest));
  } catch (error) {
    return refused([`${given.out} cannot be written to: ${(error as NodeJS.ErrnoException).code}.`]);
  }
  const { scripts, leftOut } = made.manifest;
  const tickers = scripts.reduce((sum, one) => sum + one.tickers.length, 0);
  const alerts = scripts.reduce((sum, one) => sum + one.alerts.length, 0);
  const said = leftOut.map(({ line, message }) => `Left out, line ${line}: ${message}.`);
  return {
    status: 0,
    out: `Scripts: ${scripts.length}, tickers: ${tickers}, alerts to create: ${alerts}.\n${join(folder, 'manifest.md')} says which ticker is where, and each alert.\n`,
    err: said.length > 0 ? `${said.join('\n')}\n` : '',
  };
}

function listText(): string {
  return `${templates
    .flatMap((template) => [
      `${template.key}: ${template.says.join(' ')}`,
      ...parametersOf(template, 'scanner').map(
        (one) => `  ${one.name} = ${one.default} (${expectedOf(one)}): ${one.says}`,
      ),
      '',
    ])
    .join('\n')}`;
}

function listJson(): string {
  const list = templates.map((template) => ({
    key: template.key,
    name: template.name,
    says: template.says,
    parameters: Object.fromEntries(scriptKinds.map((kind) => [kind, parametersOf(template, kind)])),
  }));
  return `${JSON.stringify(list, null, 2)}\n`;
}

if (import.meta.main) {
  const { status, out, err } = runPine(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  process.stdout.write(out);
  process.stderr.write(err);
  process.exitCode = status;
}
