// npm run signal: sends alerts, any number of any dialect, and says what came of them. docs/test-and-record.md.
import { systemClock as clock } from '../adapters/clock/system-clock.ts';
import { systemRandom as random } from '../adapters/clock/system-random.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import { readOptions, type SignalOptions, UsageProblem } from './signal/options.ts';
import { createPlan, type PlannedAlert, refuseProduction } from './signal/plan.ts';
import { postAlert, type Reply } from './signal/post-alert.ts';
import { sendAll } from './signal/send-all.ts';
import { createTally, inWords, isWanted } from './signal/summary.ts';
import { readTarget } from './signal/target.ts';
import { listed, readTemplates } from './signal/templates.ts';
import { readTickers } from './signal/tickers.ts';
import { usage } from './signal/usage.ts';

/** Up to so many alerts each has its line without being asked for. */
const shownEach = 20;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Does what was asked; answers the status. Throws a `UsageProblem`. */
async function run(options: SignalOptions): Promise<number> {
  const templates = readTemplates(options);
  const tickers = options.symbols === null ? [] : readTickers(options.symbols);
  const plan = createPlan({ options, templates, tickers, clock, random });
  if (!options.confirmed) {
    const filled = (text: string): string =>
      createPlan({ options, templates: [{ text, expect: null }], tickers, clock, random }).alert(1).text;
    refuseProduction({ templates, filled }, await loadDialects());
  }
  if (options.dryRun) {
    for (let number = 1; number <= plan.count; number++) print(plan.alert(number).text);
    process.stderr.write(`${plan.count} alerts; nothing was sent.\n`);
    return 0;
  }
  const target = readTarget(options, process.env);
  const each = options.verbose || (plan.count <= shownEach && !options.json);
  if (plan.count > 1 && !options.json) print(`${plan.count} alerts to ${target.shown}; Ctrl-C stops.`);

  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  // For good: a second Ctrl-C must not take the summary away.
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const tally = createTally();
  const startedMs = clock.monotonicMs();
  await sendAll({
    ...{ plan, clock, pace: options.pace, stop: stopping.signal },
    post: ({ text }) =>
      postAlert(text, {
        url: target.url,
        signingSecret: options.signingSecret,
        timeoutMs: options.timeoutMs,
        clock,
        random,
      }),
    onReply(alert, reply) {
      tally.add(alert, reply);
      if (each || (!options.json && !isWanted(alert.expect, reply) && plan.count <= 1000)) print(lineOf(alert, reply));
    },
  });
  const stopped = stopping.signal.aborted;
  const seconds = (clock.monotonicMs() - startedMs) / 1000;
  const summary = tally.summary({ planned: plan.count, stopped, seconds });
  if (options.json) print(JSON.stringify(summary));
  else if (plan.count > 1 || summary.unwanted > 0) process.stdout.write(inWords(summary));
  if (stopped) return 130;
  return summary.unwanted > 0 ? 1 : 0;
}

function lineOf({ about }: PlannedAlert, { outcome, code, sentence, receiptUrl, tookMs }: Reply): string {
  const why = [code, sentence].filter((one) => one !== null).join(': ');
  const head = `${about}: ${outcome}${why ? ` (${why})` : ''}, ${Math.round(tookMs)} ms`;
  return receiptUrl === null ? head : `${head}\n  ${receiptUrl}`;
}

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) process.stdout.write(usage);
  else if (options.list) process.stdout.write(listed());
  else process.exitCode = await run(options);
} catch (error) {
  process.exitCode = 2;
  if (!(error instanceof UsageProblem)) throw error;
  process.stderr.write(`${error.message}\n--help lists the options.\n`);
}
