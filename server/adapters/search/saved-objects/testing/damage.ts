import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readFields } from '../fields.ts';
import type { Aggregation, Panel, SavedObject, VisState } from '../model.ts';
import { jsonAttribute, parseNdjson, visStateOf } from '../read.ts';
import { toNdjson } from '../saved-objects.ts';

const folder = fileURLToPath(new URL('../../../../../opensearch/', import.meta.url));
export const fields = readFields(`${folder}templates`);
export const file = readFileSync(`${folder}dashboards/signalbox.ndjson`, 'utf8');
export const objects = parseNdjson(file);

/** An object that may be changed. */
export type Loose = { -readonly [K in keyof SavedObject]: SavedObject[K] } & { attributes: Record<string, unknown> };

/** The file with the first object that fits changed. */
export function damaged(fits: (one: SavedObject) => boolean, change: (one: Loose) => void): string {
  const copy = structuredClone(objects) as Loose[];
  const found = copy.find(fits);
  if (!found) throw new Error('nothing to damage');
  change(found);
  return toNdjson(copy);
}

export const withId = (id: string) => (one: SavedObject) => one.id === `signalbox-${id}`;
export const ofType = (type: string) => (one: SavedObject) => one.type === type;

export const changeVis = (id: string, change: (state: VisState & { params: Record<string, unknown> }) => void) =>
  damaged(withId(id), (one) => {
    const state = structuredClone(visStateOf(one)!);
    change(state);
    one.attributes.visState = JSON.stringify(state);
  });

/** The aggregation with that number of a visualization, with parts replaced. */
export const changeAgg = (id: string, nth: number, parts: Partial<Aggregation>) =>
  changeVis(id, (state) => {
    (state.aggs as Aggregation[])[nth - 1] = { ...state.aggs[nth - 1]!, ...parts };
  });

export const changeParams = (id: string, nth: number, params: object) =>
  changeVis(id, (state) => {
    const agg = state.aggs[nth - 1]!;
    (state.aggs as Aggregation[])[nth - 1] = { ...agg, params: { ...agg.params, ...params } };
  });

export const changePanel = (nth: number, change: (panel: { -readonly [K in keyof Panel]: Panel[K] }) => void) =>
  damaged(ofType('dashboard'), (one) => {
    const panels = jsonAttribute<Panel[]>(one.attributes, 'panelsJSON')!;
    change(panels[nth]!);
    one.attributes.panelsJSON = JSON.stringify(panels);
  });

export const changeSource = (id: string, parts: object) =>
  damaged(withId(id), (one) => {
    const meta = one.attributes.kibanaSavedObjectMeta as { searchSourceJSON: string };
    one.attributes.kibanaSavedObjectMeta = {
      searchSourceJSON: JSON.stringify({ ...JSON.parse(meta.searchSourceJSON), ...parts }),
    };
  });
