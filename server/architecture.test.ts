// The import rules of the house, and what is banned where; see CONTRIBUTING.md. The rules are tried on small samples first, so that
// this test cannot pass by looking at nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Source {
  /** From the root, with forward slashes: server/core/decimal.ts. */
  readonly path: string;
  readonly code: string;
}

/** What each part may import of ours. A part is the longest prefix that matches. */
const mayImport: readonly (readonly [part: string, allowed: readonly string[]])[] = [
  ['server/core/', ['server/core/']],
  ['server/contract/', ['server/contract/', 'server/core/']],
  ['server/pipeline/', ['server/core/']],
  ['server/exchange/', ['server/core/', 'server/exchange/']],
  ['server/research/', ['server/core/', 'server/pipeline/', 'server/exchange/', 'server/research/']],
  ['server/platform/', ['server/core/', 'server/contract/', 'server/platform/']],
  [
    'server/adapters/',
    ['server/core/', 'server/contract/', 'server/pipeline/', 'server/exchange/', 'server/platform/'],
  ],
  ['server/http/', ['server/core/', 'server/contract/', 'server/pipeline/', 'server/platform/', 'server/http/']],
  ['server/cli/', ['server/']],
  ['server/testing/', ['server/', 'bench/']],
  ['server/system/', ['server/']],
  ['server/main.ts', ['server/']],
  ['server/environment.ts', []],
  [
    'server/build',
    [
      'server/core/',
      'server/contract/',
      'server/pipeline/',
      'server/exchange/',
      'server/platform/',
      'server/http/',
      'server/build',
    ],
  ],
  ['server/main', ['server/']],
  ['web/', ['web/', 'server/contract/']],
];

const partOf = (path: string): readonly [string, readonly string[]] | undefined =>
  mayImport.filter(([part]) => path.startsWith(part)).sort((a, b) => b[0].length - a[0].length)[0];

/** `server/pipeline/risk/` for anything inside it; null for files that stand above the stages. */
const folderWithin = (path: string, parent: string): string | null => {
  if (!path.startsWith(parent)) return null;
  const rest = path.slice(parent.length);
  return rest.includes('/') ? `${parent}${rest.split('/')[0]}/` : null;
};

const isTest = (path: string): boolean => path.endsWith('.test.ts') || /\/testing\//.test(path);

const imports = (source: Source): string[] =>
  [
    ...source.code.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'(\.[^']+)'|import\(\s*'(\.[^']+)'\s*\)|(?:^|\n)\s*import\s*'(\.[^']+)'/g,
    ),
  ].map((match) =>
    relative(root, join(root, dirname(source.path), match[1] ?? match[2] ?? match[3]!))
      .split(sep)
      .join('/'),
  );

function wrongImports(source: Source): string[] {
  if (isTest(source.path)) return [];
  const rule = partOf(source.path);
  if (!rule) return [`${source.path} belongs to no part of the house`];
  const wrong: string[] = [];
  for (const target of imports(source)) {
    const own = (parent: string) => folderWithin(source.path, parent);
    // Stages and adapters may use what is in their own folder; a file above the stages may join them.
    const stage = own('server/pipeline/');
    const adapter = own('server/adapters/');
    const withinOwn =
      (stage !== null && target.startsWith(stage)) ||
      (adapter !== null && target.startsWith(adapter)) ||
      (source.path.startsWith('server/pipeline/') && stage === null && target.startsWith('server/pipeline/'));
    if (withinOwn || rule[1].some((allowed) => target.startsWith(allowed))) continue;
    wrong.push(`${source.path} may not import ${target}`);
  }
  return wrong;
}

const bans: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/\bDate\.now\b/, 'Date.now'],
  [/\bnew Date\(\s*\)/, 'new Date()'],
  [/\bMath\.random\b/, 'Math.random'],
  [/\bsetTimeout\b/, 'setTimeout'],
  [/\bsetInterval\b/, 'setInterval'],
  [/\brandomUUID\b/, 'randomUUID'],
  [/\bperformance\.now\b/, 'performance.now'],
];

const withoutComments = (code: string): string =>
  code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/[^\n]*/g, '$1');

function ambient(source: Source): string[] {
  const { path } = source;
  if (!path.startsWith('server/') || /^server\/(adapters|cli|testing|system|main)/.test(path) || isTest(path))
    return [];
  const code = withoutComments(source.code);
  return bans
    .filter(([pattern]) => pattern.test(code))
    .map(([, word]) => `${path} uses ${word}: take a Clock or a Random`);
}

/** Who may make an ApprovedOrder: the risk gate, and the stores that read back what it approved. */
function wrongSeals(source: Source): string[] {
  const allowed =
    /^server\/(core\/model\/approved-order|pipeline\/risk\/|adapters\/database\/(order|decision)-store\/)/;
  return /\bsealApproval\b/.test(withoutComments(source.code)) && !allowed.test(source.path) && !isTest(source.path)
    ? [`${source.path} may not approve orders`]
    : [];
}

const wrongNames = (path: string): string[] =>
  path.split('/').some((part) => /^(utils?|helpers?|common|manager|base)(\.|$)/i.test(part))
    ? [`${path} has a name that says nothing`]
    : [];

function* sources(folder: string): Generator<Source> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (['node_modules', 'build', '.svelte-kit'].includes(entry.name)) continue;
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(ts|svelte|js|mjs)$/.test(entry.name)) yield { path, code: readFileSync(join(root, path), 'utf8') };
  }
}

const house = [...sources('server'), ...sources('web'), ...sources('bench'), ...sources('scripts')];
const ours = house.filter(({ path }) => path.startsWith('server/') || path.startsWith('web/'));

describe('the rules catch', () => {
  const caught = (path: string, code: string) => wrongImports({ path, code }).length;

  it.each([
    ['server/core/a.ts', "import { b } from '../pipeline/risk/b.ts';"],
    ['server/contract/a.ts', "import { b } from '../http/b.ts';"],
    ['server/pipeline/risk/a.ts', "import { b } from '../sizing/b.ts';"],
    ['server/pipeline/risk/a.ts', "import type { B } from '../../adapters/queue/b.ts';"],
    ['server/exchange/a.ts', "export { b } from '../pipeline/risk/b.ts';"],
    ['server/adapters/queue/a.ts', "import { b } from '../database/b.ts';"],
    ['server/adapters/queue/a.ts', "import { b } from '../../http/b.ts';"],
    ['server/http/a.ts', "const b = await import('../adapters/queue/b.ts');"],
    ['server/build.ts', "import { b } from './adapters/queue/b.ts';"],
    ['web/src/a.ts', "import type { B } from '../../server/core/b.ts';"],
    ['server/stray.ts', "import { b } from './core/b.ts';"],
  ])('%s: %s', (path, code) => {
    expect(caught(path, code)).toBe(1);
  });

  it.each([
    ['server/pipeline/process-signal.ts', "import { b } from './risk/b.ts';"],
    [
      'server/adapters/database/a.ts',
      "import { b } from './schema/b.ts';\nimport { c } from '../../pipeline/orders/c.ts';",
    ],
    ['server/main.ts', "import { b } from './adapters/queue/b.ts';"],
    ['server/pipeline/risk/a.test.ts', "import { b } from '../../testing/b.ts';"],
    ['web/src/a.ts', "import type { B } from '../../server/contract/b.ts';"],
  ])('but let %s: %s', (path, code) => {
    expect(caught(path, code)).toBe(0);
  });

  it('ambient time and randomness outside adapters, but not in a comment', () => {
    for (const word of [
      'Date.now()',
      'new Date()',
      'Math.random()',
      'setTimeout(f)',
      'crypto.randomUUID()',
      'performance.now()',
    ]) {
      expect(ambient({ path: 'server/pipeline/a.ts', code: `const x = ${word};` })).toHaveLength(1);
      expect(ambient({ path: 'server/adapters/clock/a.ts', code: `const x = ${word};` })).toHaveLength(0);
      expect(ambient({ path: 'server/pipeline/a.ts', code: `// ${word}\nconst x = 1;` })).toHaveLength(0);
    }
  });

  it('an approval by anybody but the risk gate', () => {
    expect(wrongSeals({ path: 'server/http/a.ts', code: 'sealApproval(x)' })).toHaveLength(1);
    expect(wrongSeals({ path: 'server/pipeline/risk/gate.ts', code: 'sealApproval(x)' })).toHaveLength(0);
  });

  it('names that say nothing', () => {
    expect(wrongNames('server/core/utils.ts')).toHaveLength(1);
    expect(wrongNames('server/helpers/a.ts')).toHaveLength(1);
    expect(wrongNames('server/core/database.ts')).toHaveLength(0);
  });
});

describe('the house', () => {
  it('is looked at', () => {
    expect(ours.length).toBeGreaterThan(100);
  });
  it('imports downward only', () => {
    expect(ours.flatMap(wrongImports)).toEqual([]);
  });
  it('takes time and chance from ports', () => {
    expect(ours.flatMap(ambient)).toEqual([]);
  });
  it('lets only the risk gate approve', () => {
    expect(ours.flatMap(wrongSeals)).toEqual([]);
  });
  it('has names that say what a thing is, and files that can be read at one go', () => {
    expect(house.flatMap(({ path }) => wrongNames(path))).toEqual([]);
    expect(house.filter(({ code }) => code.split('\n').length > 501).map(({ path }) => path)).toEqual([]);
  });
});
