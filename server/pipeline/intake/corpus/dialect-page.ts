import type { Dialect } from '../dialect.ts';
import { type CorpusAlert, textOf } from './read-corpus.ts';

/** Where the part of a dialect's page begins that is written from its corpus. */
export const examplesHeading = '## Examples';

/** The part of a dialect's page that is written from what the tests run: its identity, and each alert with what it comes to. */
export function examplesOf(dialect: Dialect, corpus: readonly CorpusAlert[]): string {
  const identity =
    dialect.identity?.says ??
    'An id or a time in the alert, with all of its fields, for ever; without either its bytes, within the window.';
  const refused = corpus.filter((one) => one.problems);
  const lines = refused.map(
    (one) => `| ${cell(one.name)} | ${one.problems!.map((p) => `\`${p}\``).join('<br>')} | \`${one.code}\` |`,
  );
  return [
    examplesHeading,
    `Identity: ${identity}`,
    ...corpus.filter((one) => one.signal).map(example),
    '## What is refused',
    ['| Alert | Field and code | Refusal |', '|---|---|---|', ...lines].join('\n'),
    '',
  ].join('\n\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function example(one: CorpusAlert): string {
  const reading = one.reading && `With the source's setting \`${JSON.stringify(one.reading)}\`:\n\n`;
  const sent = one.text === undefined ? ['json', JSON.stringify(one.alert, null, 1)] : ['text', textOf(one)];
  return `### ${one.name}\n\n${reading ?? ''}\`\`\`${sent[0]}\n${sent[1]}\n\`\`\`\n\nComes to \`${JSON.stringify(one.signal)}\`.`;
}
