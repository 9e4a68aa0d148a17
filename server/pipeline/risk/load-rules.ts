import { readdir } from 'node:fs/promises';
import type { Rule } from './rule.ts';

const folder = new URL('./rules/', import.meta.url);

/** Every rule of the folder, in the order they are asked. A file whose rule has another key than its name is refused. */
export async function loadRules(): Promise<readonly Rule[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort();
  const rules = await Promise.all(
    files.map(async (file) => {
      const { rule } = (await import(new URL(file, folder).href)) as { rule?: Rule };
      if (rule?.key !== file.slice(0, -'.ts'.length)) {
        throw new Error(
          `server/pipeline/risk/rules/${file} must export a rule whose key is its file's name, not ${rule?.key}`,
        );
      }
      return rule;
    }),
  );
  return rules.sort((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1));
}
