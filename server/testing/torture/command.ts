// npm run torture: kills the server again and again while alerts flow, and compares its books with the exchange's own record.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { wholeOption } from '../whole-option.ts';
import { steps } from './moments.ts';
import { type MutantName, makeMutant, mutantNames, mutants } from './mutants.ts';
import type { TortureOptions } from './options.ts';
import { progressLine, summary } from './report.ts';
import { torture } from './torture.ts';

const usage = `npm run torture [-- options]

  --kills N        SIGKILLs of the server (100)
  --seed N         of everything that is drawn (1)
  --minutes M      ends it then at the latest
  --alerts N       alerts at least, also after the last kill
  --workers N      an intake process and N workers on one database, in place of one process that does everything (1)
  --aim STEPS      strikes only at these steps, separated by commas
  --no-faults      nothing but kills: the exchange, the database and the network behave
  --mutant NAME    takes a safeguard out of a copy of the program first; it must fail: ${mutantNames.join(', ')}
  --report FILE    writes everything there as JSON
  --keep           leaves databases and logs for a look when it fails
  --help           shows this

Steps: ${steps.join(', ')}.
It ends with status 1 when a figure is not zero.
`;

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      kills: { type: 'string' },
      seed: { type: 'string' },
      minutes: { type: 'string' },
      alerts: { type: 'string' },
      workers: { type: 'string' },
      aim: { type: 'string' },
      'no-faults': { type: 'boolean', default: false },
      mutant: { type: 'string' },
      report: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const name = mutantNames.find((one) => one === values.mutant);
  if (values.mutant !== undefined && !name) throw new Error(`--mutant: expected one of ${mutantNames.join(', ')}.`);
  const colour = process.stdout.isTTY === true;
  const mutant = name ? await makeMutant(name) : null;
  let aim: readonly string[] | null = values.aim?.split(',').map((step) => step.trim()) ?? null;
  if (name) aim ??= mutants[name as MutantName].aim;
  const options: TortureOptions = {
    kills: wholeOption(values.kills, 'kills', 100, 1),
    seed: wholeOption(values.seed, 'seed', 1),
    minutes: values.minutes === undefined ? null : wholeOption(values.minutes, 'minutes', 0, 1),
    alerts: wholeOption(values.alerts, 'alerts', 0),
    workers: wholeOption(values.workers, 'workers', 1, 1),
    root: mutant?.root ?? null,
    aim,
    faults: !values['no-faults'],
    everyFaultOnce: false,
    quietMs: name ? 12_000 : 60_000,
    sought: name ? mutants[name].shows : [],
    keep: values.keep,
    onProgress: (progress) => {
      const line = progressLine(progress, colour);
      process.stdout.write(colour ? `\r\u001b[2K${line}` : `${line}\n`);
    },
  };
  process.stdout.write(
    `\n  Torture, seed ${options.seed}${name ? `: ${mutants[name].says}` : ''}. PostgreSQL, an exchange and ${
      options.workers === 1 ? 'one server' : `an intake with ${options.workers} workers`
    } are being started.\n\n`,
  );
  try {
    const result = await torture(options);
    process.stdout.write(`${colour ? '\n' : ''}${summary(result, colour)}\n`);
    if (values.report !== undefined) {
      const { onProgress: _told, ...told } = options;
      await writeFile(
        values.report,
        `${JSON.stringify({ options: told, mutant: name ?? null, ...result }, null, 2)}\n`,
      );
    }
    const passed = result.figures.every((figure) => figure.value === 0);
    if (!passed && options.keep) process.stdout.write(`  Databases and logs are in ${result.folder}.\n\n`);
    return passed ? 0 : 1;
  } finally {
    await mutant?.remove();
  }
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`\n  ${error instanceof Error ? error.message.replaceAll('\n', '\n  ') : String(error)}\n\n`);
  process.exit(2);
}
