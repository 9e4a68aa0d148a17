import type { SavedObject } from '../model.ts';
import { controls } from '../visualization.ts';

/** The three filters that every dashboard has, over an alias whose documents have the fields. */
export const filterControls = (dashboardId: string, alias: string): SavedObject =>
  controls(
    {
      id: `${dashboardId}-filters`,
      title: 'Filters',
      description: 'Only what belongs to the chosen modes, accounts and strategies.',
      alias,
    },
    [
      { field: 'mode', label: 'Mode' },
      { field: 'account', label: 'Account' },
      { field: 'strategy', label: 'Strategy' },
    ],
  );
