import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What WCAG 2.2 AA asks for, as far as a program can see it, and axe's own advice. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What is wrong with a page as it stands, a line for each place: the rule, where it is, and what is the matter. Empty when nothing is. */
export async function violations(page: Page): Promise<string[]> {
  // A row that slides in is half transparent on its way, and is not what anybody reads.
  await page.evaluate(() => {
    const ending = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    return Promise.allSettled(ending.map((one) => one.finished)).then(() => undefined);
  });
  // By the debugger, as the page's own rules let in no script that is not the dashboard's.
  await page.evaluate(axe.source);
  return page.evaluate(async (tags) => {
    const found = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: { type: 'tag', values: tags },
    });
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.any[0]?.message ?? node.failureSummary ?? ''}`),
    );
  }, rules);
}
