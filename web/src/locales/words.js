// The words of the language that this browser shows. They are read before anything that shows some is (the modules wait for it), so that they can
// stand anywhere; another language is another start of the page.
import toRuntime from 'wuchale/runtime';
import { chosenLanguage } from '../lib/state/language.ts';
import * as english from './.wuchale/main.main.en.compiled.js';
import { loadCatalog } from './.wuchale/main.proxy.js';

const language = chosenLanguage();
// For what reads the page aloud.
if (typeof document !== 'undefined') document.documentElement.lang = language;
// English comes with the first scripts: nobody waits for it on a slow line.
const words = toRuntime(language === 'en' ? english : await loadCatalog('main', language), language);

/** For what the build puts in the place of texts. */
export const getRuntime = () => words;
