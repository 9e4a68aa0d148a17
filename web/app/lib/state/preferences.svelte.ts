export type Theme = 'auto' | 'light' | 'dark';
export type Palette = 'standard' | 'safe';

const kept = (key: string): string | null =>
  typeof localStorage === 'undefined' ? null : localStorage.getItem(`signalbox.${key}`);

/** What one person likes on this browser; the server knows nothing of it. */
class Preferences {
  theme = $state<Theme>((kept('theme') as Theme | null) ?? 'auto');
  palette = $state<Palette>((kept('palette') as Palette | null) ?? 'standard');
  /** Counts up whenever colours may have changed, for what paints by itself. */
  revision = $state(0);

  constructor() {
    if (typeof matchMedia === 'undefined') return;
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.revision++);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.#keep('theme', theme);
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
    this.#keep('palette', palette);
  }

  #keep(key: 'theme' | 'palette', value: string): void {
    localStorage.setItem(`signalbox.${key}`, value);
    document.documentElement.dataset[key] = value;
    this.revision++;
  }
}

export const preferences = new Preferences();
