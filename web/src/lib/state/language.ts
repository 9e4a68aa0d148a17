/** The languages of the dashboard, each by its own name. */
export const languages = [
  { code: 'en', name: 'English' },
  { code: 'vi', name: 'Tiếng Việt' },
] as const;
export type Language = (typeof languages)[number]['code'];

const key = 'signalbox.language';
const isKnown = (code: string | null | undefined): code is Language => languages.some((one) => one.code === code);

/** The language that was chosen in this browser, else the first of the browser's own that there is, else English. */
export function chosenLanguage(): Language {
  // Nobody looks while the page is built.
  if (typeof localStorage === 'undefined') return 'en';
  const chosen = localStorage.getItem(key);
  if (isKnown(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isKnown) ?? 'en';
}

/** Shows everything in another language from now on; the page starts anew. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(key, language);
  location.reload();
}
