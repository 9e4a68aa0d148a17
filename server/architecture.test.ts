// The import rules of the house, and what is banned where; see CONTRIBUTING.md. The rules are tried on small samples first, so that
// this test cannot pass by looking at nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ambientUses, type Source, tooLong, wrongImports, wrongNames, wrongSeals } from './testing/house-rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const made = new Set(['node_modules', 'web/build', 'web/.svelte-kit', '.svelte-kit']);

function* sources(folder: string): Generator<Source> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (made.has(path) || made.has(entry.name)) continue;
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(ts|svelte|js|mjs)$/.test(entry.name)) yield { path, code: readFileSync(join(root, path), 'utf8') };
  }
}

const house = ['server', 'web', 'pine', 'bench', 'scripts'].flatMap((folder) => [...sources(folder)]);
const ours = house.filter(({ path }) => /^(server|web|pine)\//.test(path));

describe('the rules catch', () => {
  it.each([
    ['server/core/a.ts', "import { b } from '../pipeline/risk/b.ts';"],
    ['server/core/a.ts', "import {\n  b,\n  c,\n} from '../http/b.ts';"],
    ['server/contract/a.ts', "import { b } from '../http/b.ts';"],
    ['server/pipeline/risk/a.ts', "import { b } from '../sizing/b.ts';"],
    ['server/pipeline/risk/rules/a.ts', "import { b } from '../../ledger/b.ts';"],
    ['server/pipeline/risk/a.ts', "import type { B } from '../../adapters/queue/b.ts';"],
    ['server/pipeline/risk/a.ts', "type B = import('../../adapters/queue/b.ts').B;"],
    ['server/exchange/a.ts', "export { b } from '../pipeline/risk/b.ts';"],
    ['server/research/a.ts', "export * from '../platform/b.ts';"],
    ['server/platform/a.ts', 'import { b } from "../pipeline/risk/b.ts";'],
    ['server/adapters/queue/a.ts', "import { b } from '../database/b.ts';"],
    ['server/adapters/queue/a.ts', "import { b } from '../../http/b.ts';"],
    ['server/http/a.ts', "const b = await import('../adapters/queue/b.ts');"],
    ['server/http/a.ts', "import '../adapters/queue/b.ts';"],
    ['server/build.ts', "import { b } from './adapters/queue/b.ts';"],
    ['server/build/a.ts', "import { b } from '../adapters/queue/b.ts';"],
    ['server/main.ts', "import { b } from './testing/b.ts';"],
    ['web/src/a.ts', "import type { B } from '../../server/core/b.ts';"],
    ['web/src/a.svelte', '<p>x</p>\n<script lang="ts">\nimport { b } from \'../../server/http/b.ts\';\n</script>'],
    ['pine/a.ts', "import { b } from '../server/pipeline/intake/b.ts';"],
    ['server/stray.ts', ''],
  ])('%s: %s', (path, code) => {
    expect(wrongImports({ path, code })).toHaveLength(1);
  });

  it.each([
    ['server/pipeline/process-signal.ts', "import { b } from './risk/b.ts';"],
    [
      'server/adapters/database/a.ts',
      "import { b } from './schema/b.ts';\nimport { c } from '../../pipeline/orders/c.ts';",
    ],
    ['server/main.ts', "import { b } from './adapters/queue/b.ts';"],
    ['server/pipeline/risk/a.test.ts', "import { b } from '../../testing/b.ts';"],
    ['server/core/a.ts', "// import { b } from '../http/b.ts';\nimport { createHash } from 'node:crypto';"],
    ['web/src/a.ts', "import type { B } from '../../server/contract/b.ts';"],
    ['web/src/a.ts', "import { b } from '../../pine/b.ts';"],
    ['pine/a.ts', "import { b } from '../server/core/b.ts';"],
  ])('but let %s: %s', (path, code) => {
    expect(wrongImports({ path, code })).toEqual([]);
  });

  it.each([
    'Date.now()',
    "Date['now']()",
    'globalThis.Date.now()',
    'new Date()',
    'new Date',
    'Date()',
    'Math.random()',
    'setTimeout(f)',
    'globalThis.setInterval(f)',
    'crypto.randomUUID()',
    'performance.now()',
    'AbortSignal.timeout(5)',
    'process.hrtime.bigint()',
  ])('%s outside adapters, but not in a comment or a text', (use) => {
    expect(ambientUses({ path: 'server/pipeline/a.ts', code: `const x = ${use};` })).toHaveLength(1);
    expect(ambientUses({ path: 'server/pipeline/a.ts', code: `// ${use}\n/* ${use} */` })).toEqual([]);
    expect(ambientUses({ path: 'server/pipeline/a.ts', code: `const x = ${JSON.stringify(use)};` })).toEqual([]);
    for (const path of ['server/adapters/clock/a.ts', 'server/testing/a.ts', 'server/pipeline/a.test.ts']) {
      expect(ambientUses({ path, code: `const x = ${use};` })).toEqual([]);
    }
  });

  it('a timer under an import, and what stands after a text that looks like a comment', () => {
    const path = 'server/http/a.ts';
    expect(ambientUses({ path, code: "import { setTimeout as wait } from 'node:timers/promises';" })).toHaveLength(1);
    expect(ambientUses({ path, code: "const glob = 'a/*';\nDate.now();\nconst end = '*/';" })).toHaveLength(1);
    expect(ambientUses({ path, code: 'const then = new Date(text);' })).toEqual([]);
  });

  it('an approval by anybody but the risk gate', () => {
    const code = "import { sealApproval } from '../core/model/approved-order.ts'; sealApproval(x);";
    expect(wrongSeals({ path: 'server/http/a.ts', code })).toHaveLength(1);
    expect(wrongSeals({ path: 'server/pipeline/risk/gate.ts', code })).toEqual([]);
    expect(wrongSeals({ path: 'server/http/a.ts', code: '// sealApproval' })).toEqual([]);
  });

  it('names that say nothing, and files that are too long', () => {
    for (const path of ['server/core/utils.ts', 'server/helpers/a.ts', 'web/src/common.svelte', 'server/base/a.ts']) {
      expect(wrongNames(path)).toHaveLength(1);
    }
    expect(wrongNames('server/core/database.ts')).toEqual([]);
    expect(tooLong({ path: 'a.ts', code: 'x;\n'.repeat(501) })).toHaveLength(1);
    expect(tooLong({ path: 'a.ts', code: 'x;\n'.repeat(500) })).toEqual([]);
  });
});

describe('the house', () => {
  it('is looked at, every floor of it', () => {
    const parts = ['core', 'contract', 'pipeline', 'exchange', 'adapters', 'http', 'build'];
    const seen = parts.filter((part) => ours.some(({ path }) => path.startsWith(`server/${part}/`)));
    expect(seen).toEqual(parts);
    expect(ours.some(({ path }) => path.endsWith('.svelte'))).toBe(true);
  });
  it('imports downward only', () => {
    expect(ours.flatMap(wrongImports)).toEqual([]);
  });
  it('takes time and chance from ports', () => {
    expect(ours.flatMap(ambientUses)).toEqual([]);
  });
  it('lets only the risk gate approve', () => {
    expect(ours.flatMap(wrongSeals)).toEqual([]);
  });
  it('has names that say what a thing is, and files that can be read at one go', () => {
    expect(house.flatMap(({ path }) => wrongNames(path))).toEqual([]);
    expect(house.flatMap(tooLong)).toEqual([]);
  });
});
