/** The app runs in the browser alone: the server answers with data, never with pages. */
export const ssr = false;
export const prerender = false;
