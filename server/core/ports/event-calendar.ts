/** What a look at the file with the calendar of events has brought. */
export type CalendarWord =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly why: string };

/** The file in which a person, or a program, keeps what is to come: earnings, meetings of central banks. */
export interface EventCalendarFile {
  readonly file: string;
  /** Tells what is in it, before it resolves, and then whenever that has changed; answers what ends it. */
  follow(listener: (word: CalendarWord) => void): Promise<() => void>;
}
