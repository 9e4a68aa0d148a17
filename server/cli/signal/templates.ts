import { readFileSync } from 'node:fs';
import { hasPlaceholder } from '../../pipeline/intake/samples/fill-alert.ts';
import { type Sample, samples } from '../../pipeline/intake/samples/samples.ts';
import { type SignalOptions, UsageProblem } from './options.ts';
import { type FileAlert, readAlerts } from './read-alerts.ts';
import { fromHere } from './secrets.ts';

/** What `--dialect` takes: each dialect, and the long form of ours. */
const byName: ReadonlyMap<string, Sample> = new Map([
  ...samples.toReversed().map((one) => [one.dialect, one] as const),
  ['native-long', samples.find(({ name }) => name === 'native, long form')!] as const,
]);

/** The alerts that are sent in turn, with placeholders. Throws a `UsageProblem`. */
export function readTemplates(options: SignalOptions): readonly FileAlert[] {
  if (options.file !== null) return readAlerts(options.file, contentOf(options.file));
  if (options.text !== null) {
    const text = options.text.startsWith('@') ? contentOf(options.text.slice(1)) : options.text;
    return [{ text, expect: null }];
  }
  const sample = byName.get(options.dialect);
  if (sample === undefined)
    throw new UsageProblem(
      `--dialect: expected one of ${[...byName.keys()].join(', ')}; found ${JSON.stringify(options.dialect)}.`,
    );
  const text = options.dialect === 'native' ? shortForm(options) : sample.text;
  refuseUnsayable(options, text);
  return [{ text, expect: null }];
}

/** Our short form with what was said, and nothing else: what it leaves open is the strategy's. */
function shortForm({ counted, priced, stop, target }: SignalOptions): string {
  const fields = [
    '"signal":"{{strategy.order.action}}","ticker":"{{ticker}}","mode":"{{mode}}"',
    counted ? '"quantity":{{strategy.order.contracts}}' : '"risk":{{risk}}',
    ...(priced ? ['"entryPrice":{{close}}'] : []),
    ...(stop === null ? [] : ['"stopLoss":{{stop}}']),
    ...(target === null ? [] : ['"takeProfit":{{target}}']),
    '"strategy":"{{strategy}}","timestamp":"{{timenow}}","id":"{{id}}"',
  ];
  return `{${fields.join(',')}}`;
}

/** An option that the dialect has no word for would be said and not sent. */
function refuseUnsayable(options: SignalOptions, text: string): void {
  const said: readonly (readonly [string, boolean, string])[] = [
    ['--strategy', options.strategy !== null, 'strategy'],
    ['--mode production', options.production, 'mode'],
    ['--stop', options.stop !== null, 'stop'],
    ['--target', options.target !== null, 'target'],
  ];
  for (const [option, given, name] of said)
    if (given && !hasPlaceholder(text, name))
      throw new UsageProblem(
        `${option}: the sample of ${options.dialect} does not say it; set it at the source, or send a --text of your own.`,
      );
}

function contentOf(file: string): string {
  try {
    return readFileSync(fromHere(file), 'utf8');
  } catch (error) {
    throw new UsageProblem(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

/** What `--list` shows. */
export const listed = (): string =>
  samples
    .map(({ name, dialect, text, reading }) => {
      const template = reading?.template ? `\n  its source needs the template ${reading.template}` : '';
      return `${dialect}: ${name}${template}\n  ${text}\n`;
    })
    .join('\n');
