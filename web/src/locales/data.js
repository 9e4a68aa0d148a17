/** @typedef {('en'|'vi')} Locale */
/** @type {Locale[]} */
export const locales = ['en','vi']