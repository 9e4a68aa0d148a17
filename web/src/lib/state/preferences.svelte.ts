import { browser } from '$app/env';

export type Theme = 'auto' | 'light' | 'dark';
/** `shared`: the zone that is set for everybody. */
export type Times = 'shared' | 'device' | 'new-york';
export type Palette = 'standard' | 'safe';

const read = (key: string, otherwise: string): string =>
  (browser && localStorage.getItem(`signalbox.${key}`)) || otherwise;

/** How this browser shows things: kept here, not on the server. */
class Preferences {
  theme = $state(read('theme', 'auto') as Theme);
  palette = $state(read('palette', 'standard') as Palette);
  narrow = $state(read('narrow', 'no') === 'yes');

  /** Whether keys without Ctrl do anything: `g` and a letter, `/`, `?`. */
  singleKeys = $state(read('keys', 'on') === 'on');
  /** In whose zone times are shown in this browser. */
  times = $state(read('times', 'shared') as Times);

  setSingleKeys(on: boolean): void {
    this.singleKeys = on;
    localStorage.setItem('signalbox.keys', on ? 'on' : 'off');
  }

  setTimes(times: Times): void {
    this.times = times;
    localStorage.setItem('signalbox.times', times);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem('signalbox.theme', theme);
    document.documentElement.dataset.theme = theme;
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
    localStorage.setItem('signalbox.palette', palette);
    document.documentElement.dataset.palette = palette;
  }

  setNarrow(narrow: boolean): void {
    this.narrow = narrow;
    localStorage.setItem('signalbox.narrow', narrow ? 'yes' : 'no');
  }
}

export const preferences = new Preferences();
