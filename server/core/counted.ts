/** How many, in words: "1 order is open", "3 orders are open". `many` is needed where it is more than an s. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
