import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { refusalCodes, refusals } from '../core/model/refusals.ts';
import { loadRules } from '../pipeline/risk/load-rules.ts';
import { pages, pageUrl, refusalsPage, riskRulesPage } from './generate-refusals.ts';

const made = await pages();

describe('the generated pages', () => {
  it.each([...made.keys()])('docs/%s is up to date; else run: node server/cli/generate-refusals.ts', async (file) => {
    expect(await readFile(pageUrl(file), 'utf8')).toBe(made.get(file));
  });

  it('name every refusal once, with what it means', () => {
    const lines = refusalsPage().split('\n');
    for (const code of refusalCodes) {
      expect(lines.filter((line) => line === `| \`${code}\` | ${refusals[code]} |`)).toHaveLength(1);
    }
  });

  it('refuse a code that belongs to no stage', () => {
    expect(() => refusalsPage(['BROKEN_CODE' as 'RISK_MODE'])).toThrow(/BROKEN_CODE/);
  });

  it('name every rule in its place', async () => {
    const rules = await loadRules();
    const page = riskRulesPage(rules);
    for (const [i, rule] of rules.entries()) expect(page).toContain(`| ${i + 1} | [${rule.key}]`);
  });
});
