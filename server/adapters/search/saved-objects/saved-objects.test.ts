import { describe, expect, it } from 'vitest';
import { checkSavedObjects } from './check.ts';
import { gridColumns } from './dashboard.ts';
import type { Panel } from './model.ts';
import { jsonAttribute, visStateOf } from './read.ts';
import { dashboards } from './saved-objects.ts';
import { fields, file, objects, ofType } from './testing/damage.ts';

describe('the saved objects', () => {
  it('have nothing wrong with them', () => {
    expect(checkSavedObjects(file, fields)).toEqual([]);
  });

  it('are looked at: index patterns, searches, visualizations of each kind, six dashboards', () => {
    const types = Map.groupBy(objects, ({ type }) => type);
    expect(types.get('index-pattern')).toHaveLength(fields.size);
    expect(types.get('dashboard')).toHaveLength(6);
    expect(new Set(types.get('visualization')!.map((one) => visStateOf(one)!.type))).toEqual(
      new Set(['histogram', 'line', 'pie', 'metric', 'table', 'vega', 'input_control_vis']),
    );
    expect(types.get('search')!.length).toBeGreaterThanOrEqual(dashboards.length);
  });

  const boards = objects.filter(ofType('dashboard')).map((one) => [one.id, one] as const);

  it.each(boards)('%s has filters for mode, account and strategy over an index that has the fields', (_, board) => {
    const shown = board.references.map(({ id, type }) => objects.find((one) => one.id === id && one.type === type)!);
    const lists = shown
      .map((one) => visStateOf(one))
      .filter((state) => state?.type === 'input_control_vis')
      .flatMap((state) => state!.params.controls as { fieldName: string }[]);
    expect(lists.map(({ fieldName }) => fieldName)).toEqual(['mode', 'account', 'strategy']);
  });

  it.each(boards)('%s leads to the receipts: newest rows with a link', (_, board) => {
    const rows = board.references
      .filter(({ type }) => type === 'search')
      .map(({ id }) => objects.find((one) => one.id === id)!)
      .find(({ attributes }) => (attributes.columns as string[]).includes('receiptUrl'));
    const pattern = objects.find(({ id }) => id === rows?.references[0]?.id);
    const formats = jsonAttribute<Record<string, { id: string; params: { urlTemplate: string } }>>(
      pattern!.attributes,
      'fieldFormatMap',
    );
    expect(rows!.attributes.sort).toEqual([['@timestamp', 'desc']]);
    expect(formats!.receiptUrl).toMatchObject({ id: 'url', params: { type: 'a', urlTemplate: '{{rawValue}}' } });
  });

  it.each(boards)('%s fills the grid, shows the last week and refreshes itself', (_, board) => {
    const panels = jsonAttribute<Panel[]>(board.attributes, 'panelsJSON')!;
    const covered = panels.reduce((sum, { gridData: { w, h } }) => sum + w * h, 0);
    const bottom = Math.max(...panels.map(({ gridData: { y, h } }) => y + h));
    expect(covered).toBe(bottom * gridColumns);
    expect(board.attributes).toMatchObject({
      timeRestore: true,
      timeFrom: 'now-7d',
      timeTo: 'now',
      refreshInterval: { pause: false, value: 30_000 },
    });
  });
});
