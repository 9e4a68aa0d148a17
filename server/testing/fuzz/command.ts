// npm run fuzz: sends mutated alerts to a server of its own, and compares what it answers and stores with what their bytes say.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { wholeOption } from '../whole-option.ts';
import { fuzz } from './fuzz.ts';
import { type FuzzMutantName, fuzzMutantNames, makeFuzzMutant } from './mutants.ts';
import { passed, progressLine, summary } from './report.ts';

const usage = `npm run fuzz [-- options]

  --bodies N       mutated alerts (20000)
  --seed N         of everything that is drawn (1)
  --only INDEX     sends only the one of this index, to see a finding again
  --minutes M      ends it then at the latest
  --lanes N        connections at a time (16)
  --mutant NAME    breaks a copy of the program first; it must fail: ${fuzzMutantNames.join(', ')}
  --report FILE    writes everything there as JSON
  --keep           leaves the database and logs for a look
  --help           shows this

It ends with status 1 when a figure is not zero.
`;

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      bodies: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      minutes: { type: 'string' },
      lanes: { type: 'string' },
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
  const name = fuzzMutantNames.find((one) => one === values.mutant);
  if (values.mutant !== undefined && !name) throw new Error(`--mutant: expected one of ${fuzzMutantNames.join(', ')}.`);
  const mutant = name ? await makeFuzzMutant(name as FuzzMutantName) : null;
  const over = process.stdout.isTTY === true;
  let toldMs = Number.NEGATIVE_INFINITY;
  const options = {
    bodies: wholeOption(values.bodies, 'bodies', 20_000, 1),
    seed: wholeOption(values.seed, 'seed', 1),
    only: values.only === undefined ? null : wholeOption(values.only, 'only', 0),
    minutes: values.minutes === undefined ? null : wholeOption(values.minutes, 'minutes', 0, 1),
    lanes: wholeOption(values.lanes, 'lanes', 16, 1),
    root: mutant?.root ?? null,
    sought: [],
    settleMs: 120_000,
    keep: values.keep,
  };
  process.stdout.write(
    `\n  Fuzz, seed ${options.seed}. PostgreSQL and a server with its exchange are being started.\n\n`,
  );
  try {
    const result = await fuzz({
      ...options,
      onProgress(progress) {
        if (!over && progress.elapsedMs - toldMs < 15_000) return;
        toldMs = progress.elapsedMs;
        process.stdout.write(over ? `\r\u001b[2K${progressLine(progress)}` : `${progressLine(progress)}\n`);
      },
    });
    process.stdout.write(`${over ? '\n' : ''}${summary(result)}\n`);
    if (values.report !== undefined)
      await writeFile(values.report, `${JSON.stringify({ options, mutant: name ?? null, ...result }, null, 2)}\n`);
    return passed(result) && (options.only !== null || result.bodies >= options.bodies || options.minutes !== null)
      ? 0
      : 1;
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
