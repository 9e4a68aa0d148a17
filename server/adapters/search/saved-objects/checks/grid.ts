import { gridColumns } from '../dashboard.ts';
import type { Panel, SavedObject } from '../model.ts';
import { jsonAttribute, keyOf } from '../read.ts';

/** Panels outside the grid, on top of each other, or not named as Dashboards needs it; in sentences. */
export function wrongPanels(object: SavedObject): string[] {
  const key = keyOf(object);
  const panels = jsonAttribute<Panel[]>(object.attributes, 'panelsJSON');
  if (!Array.isArray(panels)) return [`${key} has no panelsJSON`];
  const problems: string[] = [];
  if (panels.length === 0) problems.push(`${key} has no panels`);
  for (const [nth, { panelIndex, panelRefName, embeddableConfig, gridData }] of panels.entries()) {
    const name = `${key}, panel ${panelIndex}`;
    if (typeof panelRefName !== 'string') problems.push(`${name} has no panelRefName`);
    if (embeddableConfig === null || typeof embeddableConfig !== 'object')
      problems.push(`${name} has no embeddableConfig`);
    if (gridData?.i !== panelIndex) problems.push(`${name} has ${gridData?.i} as its place's name`);
    if (panels.findIndex((one) => one.panelIndex === panelIndex) !== nth) problems.push(`${name} is there twice`);
    const { x, y, w, h } = gridData ?? {};
    const whole = [x, y, w, h].every((one) => Number.isInteger(one) && one >= 0) && w > 0 && h > 0;
    if (!whole || x + w > gridColumns) {
      problems.push(`${name} is not within the grid of ${gridColumns} columns`);
      continue;
    }
    for (const other of panels.slice(0, nth)) {
      const { x: ox, y: oy, w: ow, h: oh } = other.gridData;
      if (x < ox + ow && ox < x + w && y < oy + oh && oy < y + h)
        problems.push(`${name} lies over panel ${other.panelIndex}`);
    }
  }
  return problems;
}
