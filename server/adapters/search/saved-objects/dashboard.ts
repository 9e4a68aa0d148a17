import { migrationVersions, type Panel, type SavedObject } from './model.ts';

export const gridColumns = 48;

/** A row of panels, each as wide as its share, all as high as `height` grid rows. */
export interface Row {
  readonly height: number;
  readonly panels: readonly (SavedObject | { readonly panel: SavedObject; readonly share: number })[];
}

export interface DashboardParts {
  /** Without `signalbox-`, which is put before it. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
}

/** The version of the shape that panels have; Dashboards leaves panels of 7.3 and later as they are. */
const panelVersion = '7.9.3';
const refreshMs = 30_000;

/** A dashboard: its rows one under the other, no gap and no overlap, each exactly as wide as the grid. */
export function dashboard({ id, title, description, rows }: DashboardParts): SavedObject {
  const panels: Panel[] = [];
  const shown: SavedObject[] = [];
  let y = 0;
  for (const { height, panels: row } of rows) {
    const shares = row.map((one) => ('panel' in one ? one : { panel: one, share: 1 }));
    const whole = shares.reduce((sum, { share }) => sum + share, 0);
    let before = 0;
    for (const { panel, share } of shares) {
      const i = String(panels.length + 1);
      const x = Math.round((before / whole) * gridColumns);
      before += share;
      const w = Math.round((before / whole) * gridColumns) - x;
      panels.push({
        version: panelVersion,
        panelIndex: i,
        gridData: { x, y, w, h: height, i },
        embeddableConfig: {},
        panelRefName: `panel_${panels.length}`,
      });
      shown.push(panel);
    }
    y += height;
  }
  return {
    type: 'dashboard',
    id: `signalbox-${id}`,
    attributes: {
      title,
      description,
      hits: 0,
      version: 1,
      panelsJSON: JSON.stringify(panels),
      optionsJSON: JSON.stringify({ hidePanelTitles: false, useMargins: true }),
      timeRestore: true,
      timeFrom: 'now-7d',
      timeTo: 'now',
      refreshInterval: { pause: false, value: refreshMs },
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({ query: { query: '', language: 'kuery' }, filter: [] }),
      },
    },
    references: shown.map((one, i) => ({ name: `panel_${i}`, type: one.type, id: one.id })),
    migrationVersion: { dashboard: migrationVersions.dashboard },
  };
}

/** What a dashboard shows, each once. */
export const panelsOf = ({ rows }: DashboardParts): SavedObject[] =>
  rows.flatMap(({ panels }) => panels.map((one) => ('panel' in one ? one.panel : one)));
