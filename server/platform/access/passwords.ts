/** NIST SP 800-63B section 5.1.1.2 asks for 8 at least; what guards real money may ask for more. */
export const leastPasswordLetters = 12;
/** Enough for any sentence; hashing more would be work for whoever asks for it. */
export const mostPasswordLetters = 128;

/** What guesses begin with, without digits and signs around it. Long ones are made of these, so that parts are looked for as well. */
const obvious = [
  'password passwort motdepasse contrasena matkhau letmein welcome iloveyou trustno changeme administrator admin qwerty qwertyuiop',
  'qwertz azerty asdfghjkl zxcvbnm dragon monkey football baseball superman batman princess sunshine master shadow michael',
  'jordan starwars pokemon whatever secret login signalbox tradingview alpaca trading trader bitcoin tothemoon money',
]
  .join(' ')
  .split(' ');

const folded: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '1': 'l', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '@': 'a', $: 's', '!': 'i' },
};
const fold = (text: string): string => [...text.toLowerCase()].map((letter) => folded[letter] ?? letter).join('');
const lettersOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}]/gu, '');

/** Why a password is no good, as a sentence; null: it will do. `about`: what anybody knows of the person. */
export function passwordProblem(password: string, about: readonly string[]): string | null {
  const count = [...password].length;
  if (count < leastPasswordLetters) {
    return `A password has at least ${leastPasswordLetters} letters; this one has ${count}. A few words in a row are easy to keep in mind.`;
  }
  if (count > mostPasswordLetters) return `A password has at most ${mostPasswordLetters} letters.`;
  const guessed =
    'This password is among the first that anybody would try. Take a few words that do not belong together.';
  if (new Set(password.toLowerCase()).size < 5 || isRun(password.toLowerCase())) return guessed;
  const known = about
    .flatMap((text) => text.split(/[@\s.]+/))
    .map(lettersOf)
    .filter((word) => word.length >= 3);
  // Digits alone, and what leaves next to nothing when the obvious is taken away, would be tried early. Digits may stand for letters.
  const poor = [lettersOf(password), lettersOf(fold(password))].some((letters) => {
    const rest = [...obvious, ...known]
      .sort((one, other) => other.length - one.length)
      .reduce((left, word) => left.replaceAll(word, ''), letters);
    return new Set(rest).size < 4;
  });
  return poor ? guessed : null;
}

/** Rows of the keyboard, the alphabet and digits, forwards or backwards. */
function isRun(text: string): boolean {
  const rows = [
    'abcdefghijklmnopqrstuvwxyz',
    '01234567890123456789',
    'qwertyuiopasdfghjklzxcvbnm',
    '1qaz2wsx3edc4rfv5tgb',
  ];
  return rows.some((row) => {
    const round = row + row + row;
    return round.includes(text) || [...round].reverse().join('').includes(text);
  });
}
