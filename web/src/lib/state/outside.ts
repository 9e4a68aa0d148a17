const pages: readonly string[] = ['/sign-in', '/invitation'];

/** Whether a page is for whoever is not signed in: it stands alone, without the bar and the data of the others. */
export const isOutside = (pathname: string): boolean => pages.includes(pathname);
