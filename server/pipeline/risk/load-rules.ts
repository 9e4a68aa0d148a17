import { readdir } from 'node:fs/promises';
import type { Rule } from './rule.ts';

/**
 * Every rule of the folder, in the order they are asked. A file whose rule has another key than its name is refused, and so are two rules of
 * one order, as the first that denies names the refusal.
 */
export async function loadRules(folder: URL = new URL('./rules/', import.meta.url)): Promise<readonly Rule[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort();
  const rules = await Promise.all(
    files.map(async (file) => {
      const { rule } = (await import(new URL(file, folder).href)) as { rule?: Rule };
      if (rule?.key !== file.slice(0, -'.ts'.length)) {
        throw new Error(`rules/${file} must export a rule whose key is its file's name, not ${rule?.key}`);
      }
      return rule;
    }),
  );
  rules.sort((a, b) => a.order - b.order);
  for (const [i, rule] of rules.entries()) {
    const before = rules[i - 1];
    if (before?.order === rule.order)
      throw new Error(`${before.key} and ${rule.key} both have the order ${rule.order}`);
  }
  return rules;
}

/** The rule of this key; throws when it is not among them, which would be a defect of the caller. */
export function ruleOf(rules: readonly Rule[], key: string): Rule {
  const found = rules.find((rule) => rule.key === key);
  if (!found) throw new Error(`there is no rule ${key}`);
  return found;
}
