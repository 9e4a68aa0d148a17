import type { SavedObject } from '../model.ts';
import { controls } from '../visualization.ts';

/**
 * The three filters that every dashboard has, over an alias whose documents have the fields. `of` says what they choose from, on a
 * dashboard where other documents have no such field.
 */
export const filterControls = (
  dashboardId: string,
  alias: string,
  of: Partial<Record<Field, string>> = {},
): SavedObject =>
  controls(
    {
      id: `${dashboardId}-filters`,
      title: 'Filters',
      description: 'Only what belongs to the chosen modes, accounts and strategies.',
      alias,
    },
    (Object.keys(labels) as Field[]).map((field) => ({
      field,
      label: of[field] === undefined ? labels[field] : `${labels[field]} (${of[field]})`,
    })),
  );

const labels = { mode: 'Mode', account: 'Account', strategy: 'Strategy' };
type Field = keyof typeof labels;
