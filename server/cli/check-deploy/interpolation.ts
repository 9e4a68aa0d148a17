/** A variable in a compose file. `${X}` has no operator; `${X:-y}` and `${X:?y}` have theirs, and the words after it. */
export interface Reference {
  readonly name: string;
  readonly operator: '' | ':-' | ':?';
  readonly words: string;
}

const pattern = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:-|:\?)([^}]*))?\}|\$/g;

/** The variables in a text. Throws a sentence for a `$` that compose would not take, or that says something else than it seems to. */
export function references(text: string): Reference[] {
  return [...text.matchAll(pattern)].flatMap(([all, name, operator, words]) => {
    if (all === '$$') return [];
    if (name === undefined) throw new Error(`write $ as $$, or name a variable as \${NAME}: ${text}`);
    return [{ name, operator: (operator ?? '') as Reference['operator'], words: words ?? '' }];
  });
}

/** The text as compose would give it to a container under these settings. */
export function interpolate(text: string, settings: Readonly<Record<string, string>>): string {
  return text.replace(pattern, (all, name?: string, operator?: string, words?: string) => {
    if (name === undefined) return all === '$$' ? '$' : all;
    const value = settings[name] ?? '';
    return value === '' && operator === ':-' ? (words ?? '') : value;
  });
}

/** The settings of a `.env` file. Throws a sentence for a line that is none. */
export function readSettings(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`this line sets nothing: ${line}`);
    if (settings.has(name)) throw new Error(`${name} is set twice`);
    settings.set(name, value!);
  }
  return settings;
}
