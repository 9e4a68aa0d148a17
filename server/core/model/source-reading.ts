/** What a bare number of a PineConnector alert is, which is a setting of the program there, and of the source here. */
export const targetUnits = ['price', 'percent'] as const;
export type TargetUnit = (typeof targetUnits)[number];
export const volumeUnits = ['shares', 'money_at_risk', 'percent_at_risk', 'percent_of_equity'] as const;
export type VolumeUnit = (typeof volumeUnits)[number];

/** How a source's alerts are read, where the alerts themselves cannot say it. */
export interface SourceReading {
  /** Templates for text that no dialect knows, one a line; null: none. */
  readonly template: string | null;
  /** What `sl=`, `tp=` and `price=` of a PineConnector line are; null: not told, and such a line is refused. */
  readonly targetUnit: TargetUnit | null;
  /** What its `risk=` is; null: likewise. */
  readonly volumeUnit: VolumeUnit | null;
}

/** What a source was set to when an alert of it came, as far as the alert's meaning depends on it. */
export interface ReadAs {
  /** The key of the one dialect, as the address or the source says; null: its shape told. */
  readonly dialect: string | null;
  /** Of an alert that names none; null: `default`. */
  readonly strategy: string | null;
  readonly reading: SourceReading | null;
  /** Of one that came by mail, which counts from when that was sent, for as long as its mailbox says; absent: it came by webhook. */
  readonly mail?: { readonly sentAt: string; readonly maxAgeSeconds: number };
}

/** Of a source that is set to nothing. */
export const noReading: SourceReading = { template: null, targetUnit: null, volumeUnit: null };
